//go:build pin

// Package engine pins the Pulumi CLI: go.mod and go.sum here cover everything that the binary is built from.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"

"""Credits: packs that customers buy, and what is still owed of them."""

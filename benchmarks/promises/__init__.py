"""What the product promises, each promise with the command that shows whether it is kept (docs/promises.md)."""

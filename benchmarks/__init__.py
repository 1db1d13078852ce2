"""Measurements of the product against floors measured in the same run. They print; they assert nothing."""

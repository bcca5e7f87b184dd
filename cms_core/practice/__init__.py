"""The site that staff train in: full of texts, without effect outside, and new every morning."""

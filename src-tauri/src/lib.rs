//! Winnow shell

//! The version store: commit, list, checkout, verify

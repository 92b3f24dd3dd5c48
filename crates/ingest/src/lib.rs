//! Sources, encoding and column detection, cleaning

//! Every text a person reads, in Russian and English, checked at compile time

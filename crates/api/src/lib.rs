//! The one surface: answers each call of contract; owns open projects, jobs, settings

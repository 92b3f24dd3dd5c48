//! The form in which texts are written down.

/// Declares texts: `Key: "English", "Русский";` becomes a constant of [`Text`](crate::Text), and
/// `key(argument: kind): "… {argument} …", "… {argument} …";` a function that takes the language and the arguments.
macro_rules! texts {
    (@one $key:ident, $en:literal, $ru:literal) => {
        impl $crate::Text {
            #[doc = $en]
            #[allow(non_upper_case_globals)]
            pub const $key: $crate::Text = $crate::Text::new($en, $ru);
        }
    };
    (@one $key:ident ($($argument:ident: $kind:ident),+), $en:literal, $ru:literal) => {
        impl $crate::Text {
            #[doc = $en]
            #[must_use]
            pub fn $key(lang: $crate::Language, $($argument: $crate::macros::argument!($kind)),+) -> String {
                match lang {
                    $crate::Language::En => format!($en, $($argument = $crate::kinds::$kind(lang, $argument)),+),
                    $crate::Language::Ru => format!($ru, $($argument = $crate::kinds::$kind(lang, $argument)),+),
                }
            }
        }
    };
    ($($key:ident $(($($argument:ident: $kind:ident),+))?: $en:literal, $ru:literal;)*) => {
        $($crate::macros::texts!(@one $key $(($($argument: $kind),+))?, $en, $ru);)*

        /// The lines of this area as they are written, English and Russian.
        #[cfg(test)]
        pub(crate) const LINES: &[(&str, &str, &str)] = &[$((stringify!($key), $en, $ru)),*];
    };
}

/// The Rust type of an argument of a kind.
macro_rules! argument {
    (text) => {
        &str
    };
    (percent) => {
        f64
    };
    (fine) => {
        f64
    };
    (duration) => {
        f64
    };
    ($counted:ident) => {
        u64
    };
}

pub(crate) use argument;
pub(crate) use texts;

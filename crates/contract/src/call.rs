//! What a call is.

use serde::{Serialize, de::DeserializeOwned};

/// A request that crosses a border. Adding one is: one struct with this trait, one handler in `api`, one use.
pub trait Call: Serialize + DeserializeOwned + Send + 'static {
    /// What comes back when it goes well.
    type Answer: Serialize + DeserializeOwned + Send + 'static;
    /// The stable name on the wire.
    const NAME: &'static str;
}

/// Declares the calls of a module: `call! { Request => Answer, "name"; … }`.
macro_rules! call {
    ($($request:ty => $answer:ty, $name:literal;)*) => {$(
        impl $crate::Call for $request {
            type Answer = $answer;
            const NAME: &'static str = $name;
        }
    )*};
}
pub(crate) use call;

//! From a call's wire name to its handler.

use std::any::Any;

use contract::{Call, CallError, ErrorCode};
use serde_json::Value;

use crate::Winnow;

/// Answers one call; each call of `contract` has exactly one implementation, in `calls`.
pub(crate) trait Handle: Call {
    /// Does what the request asks for.
    fn handle(self, winnow: &Winnow) -> Result<Self::Answer, CallError>;
}

/// A call's way to its handler, once for Rust callers and once for JSON.
pub(crate) struct Route {
    pub(crate) name: &'static str,
    pub(crate) typed: fn(&Winnow, Box<dyn Any>) -> Result<Box<dyn Any>, CallError>,
    pub(crate) json: fn(&Winnow, Value) -> Result<Value, CallError>,
}

impl Route {
    const fn of<C: Handle>() -> Self {
        Self { name: C::NAME, typed: typed::<C>, json: json::<C> }
    }
}

fn typed<C: Handle>(winnow: &Winnow, request: Box<dyn Any>) -> Result<Box<dyn Any>, CallError> {
    let request = request.downcast::<C>().map_err(|_| misrouted(C::NAME))?;
    Ok(Box::new(request.handle(winnow)?))
}

fn json<C: Handle>(winnow: &Winnow, request: Value) -> Result<Value, CallError> {
    let request: C = serde_json::from_value(request).map_err(|error| malformed(C::NAME, &error))?;
    serde_json::to_value(request.handle(winnow)?).map_err(|error| malformed(C::NAME, &error))
}

fn malformed(name: &str, error: &serde_json::Error) -> CallError {
    CallError::new(ErrorCode::ArgumentInvalid).with("name", name).with("value", "").with("detail", error)
}

pub(crate) fn misrouted(name: &str) -> CallError {
    CallError::new(ErrorCode::Internal).with("detail", format!("no route for {name}"))
}

macro_rules! routes {
    ($($module:ident: $($request:ident)*;)*) => {
        /// Every call.
        pub(crate) static ROUTES: &[Route] = &[$($(Route::of::<contract::$module::$request>(),)*)*];
    };
}

routes! {
    settings: GetAbout;
}

/// The route of a wire name.
pub(crate) fn find(name: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.name == name)
}

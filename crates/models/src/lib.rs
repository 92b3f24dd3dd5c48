//! Language models: in process on candle, and OpenAI-compatible servers over HTTP

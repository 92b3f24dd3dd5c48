//! The steps of the main job and the job runner

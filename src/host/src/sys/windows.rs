//! Windows. Untested: not run by this project's tests.

//! The Node-API library behind the npm package.

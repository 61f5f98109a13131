//! What goes from our threads to a function of JavaScript's, in order.

use std::sync::{Arc, Mutex, PoisonError};

use crate::caught::caught_result;
use napi::bindgen_prelude::{Function, JsValuesTupleIntoVec};
use napi::threadsafe_function::ThreadsafeFunction;
use napi::threadsafe_function::ThreadsafeFunctionCallMode::NonBlocking;
use napi::{Env, Result, Status};

type Weak<T, A> = ThreadsafeFunction<T, (), A, Status, false, true>;

/// A queue that does not keep the process alive. It keeps its function, and thereby all that the function knows, from being
/// collected; so its sender ends it with the last message.
pub struct Queue<T: 'static, A: 'static + JsValuesTupleIntoVec> {
    function: Mutex<Option<Arc<Weak<T, A>>>>,
}

impl<T: 'static, A: 'static + JsValuesTupleIntoVec> Queue<T, A> {
    /// Messages become the function's argument by `make`, on JavaScript's thread.
    pub fn new(
        function: &Function<'_, A, ()>,
        mut make: impl FnMut(&Env, T) -> Result<A> + 'static,
    ) -> Result<Arc<Self>> {
        let function = function
            .build_threadsafe_function::<T>()
            .weak::<true>()
            .callee_handled::<false>()
            .build_callback(move |context| caught_result("message", || make(&context.env, context.value)))?;
        Ok(Arc::new(Self { function: Mutex::new(Some(Arc::new(function))) }))
    }

    fn function(&self) -> Option<Arc<Weak<T, A>>> {
        self.function.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An environment that is being torn down takes no more messages, and needs none.
    pub fn send(&self, message: T) {
        if let Some(function) = self.function() {
            function.call(message, NonBlocking);
        }
    }

    /// Lets go of the function after what was sent.
    pub fn end(&self) {
        let function = self.function.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(function);
    }
}

package dev.servicepool.sample;

/**
 * Callback for the outcomes of the calls of a caller.
 */
interface CallOutcomes {

	void succeeded(long nanos);

	void failed(Exception cause);

	/**
	 * Return a callback that passes each outcome to this and to another callback.
	 */
	default CallOutcomes andThen(CallOutcomes other) {
		CallOutcomes first = this;
		return new CallOutcomes() {

			@Override
			public void succeeded(long nanos) {
				first.succeeded(nanos);
				other.succeeded(nanos);
			}

			@Override
			public void failed(Exception cause) {
				first.failed(cause);
				other.failed(cause);
			}

		};
	}

}

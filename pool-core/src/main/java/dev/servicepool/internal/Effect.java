package dev.servicepool.internal;

/**
 * Decision that is carried out after the lock has been released. An effect that may block
 * runs on the executor, all others immediately.
 */
sealed interface Effect<Q, R> {

	void run(Actions<Q, R> actions);

	/**
	 * What an effect needs of its pool. Each action calls user code or another thread,
	 * and then reports the result to the state. Any thread; never under the lock.
	 */
	interface Actions<Q, R> {

		/** Create a service, on the executor. */
		void create(CreationAttempt attempt);

		/** Poll a service for the first caller in the wait queue, on the executor. */
		void poll(Member<Q, R> member);

		/** Process the wake-up of a service, on the executor. */
		void wakeUp(Member<Q, R> member);

		/** Close a service, on the executor. */
		void close(Member<Q, R> member);

		/** Check for due work after a delay. */
		void tickAfter(long delayNanos);

	}

	/** Create a service. */
	record Create<Q, R>(CreationAttempt attempt) implements Effect<Q, R> {

		@Override
		public void run(Actions<Q, R> actions) {
			actions.create(this.attempt);
		}

	}

	/** Interrupt a creation. */
	record CancelCreation<Q, R>(CreationAttempt attempt) implements Effect<Q, R> {

		@Override
		public void run(Actions<Q, R> actions) {
			this.attempt.cancel();
		}

	}

	/** Poll a service for the wait queue. */
	record Poll<Q, R>(Member<Q, R> member) implements Effect<Q, R> {

		@Override
		public void run(Actions<Q, R> actions) {
			actions.poll(this.member);
		}

	}

	/** Process the wake-up of a service. */
	record WakeUp<Q, R>(Member<Q, R> member) implements Effect<Q, R> {

		@Override
		public void run(Actions<Q, R> actions) {
			actions.wakeUp(this.member);
		}

	}

	/** Close a service. */
	record Close<Q, R>(Member<Q, R> member) implements Effect<Q, R> {

		@Override
		public void run(Actions<Q, R> actions) {
			actions.close(this.member);
		}

	}

	/** Wake a settled caller. */
	record Wake<Q, R>(Waiter<Q, R> waiter) implements Effect<Q, R> {

		@Override
		public void run(Actions<Q, R> actions) {
			this.waiter.wake();
		}

	}

	/** Check for due work after a delay. */
	record Tick<Q, R>(long delayNanos) implements Effect<Q, R> {

		@Override
		public void run(Actions<Q, R> actions) {
			actions.tickAfter(this.delayNanos);
		}

	}

	/** Notify the load tracker that the service was readmitted. */
	record Readmitted<Q, R>(Member<Q, R> member, long now) implements Effect<Q, R> {

		@Override
		public void run(Actions<Q, R> actions) {
			this.member.loadTracker.readmitted(this.now);
		}

	}

	/** Log something. The log may call user code. */
	record Report<Q, R>(Runnable report) implements Effect<Q, R> {

		@Override
		public void run(Actions<Q, R> actions) {
			this.report.run();
		}

	}

}

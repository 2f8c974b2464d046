package dev.servicepool.load;

import java.util.Collection;

/**
 * The metrics that look at no times.
 */
enum SimpleMetric implements LoadMetric {

	CONSTANT {
		@Override
		public LoadTracker newTracker(Collection<? extends LoadTracker> live, long now) {
			return NO_LOAD;
		}
	},

	PENDING_REQUESTS {
		@Override
		public LoadTracker newTracker(Collection<? extends LoadTracker> live, long now) {
			return new PendingRequestsTracker();
		}
	};

	/** A gauge that remembers nothing, so that one serves all services. */
	private static final LoadTracker NO_LOAD = new LoadTracker() {

		@Override
		public void started(long now) {
		}

		@Override
		public void completed(long startedAt, long now, Outcome outcome) {
		}

		@Override
		public double load(long now, int pending) {
			return 0;
		}

	};

	@Override
	public boolean timed() {
		return false;
	}

}

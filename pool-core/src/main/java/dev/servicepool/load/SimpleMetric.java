package dev.servicepool.load;

import java.util.Collection;
import java.util.Locale;

/**
 * Metrics that do not use times.
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

	/** A load tracker without state, which all services share. */
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

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}

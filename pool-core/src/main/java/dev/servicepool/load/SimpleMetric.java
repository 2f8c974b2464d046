package dev.servicepool.load;

import java.util.Collection;

/**
 * The metrics that look at no times.
 */
enum SimpleMetric implements LoadMetric {

	CONSTANT {
		@Override
		public LoadGauge newGauge(Collection<? extends LoadGauge> live, long now) {
			return NO_LOAD;
		}
	},

	PENDING_REQUESTS {
		@Override
		public LoadGauge newGauge(Collection<? extends LoadGauge> live, long now) {
			return new PendingRequestsGauge();
		}
	};

	/** A gauge that remembers nothing, so that one serves all services. */
	private static final LoadGauge NO_LOAD = new LoadGauge() {

		@Override
		public void started(long now) {
		}

		@Override
		public void responded(long startedAt, long now, Outcome outcome) {
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

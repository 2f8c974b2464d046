package dev.servicepool.load;

import java.util.Collection;

/**
 * The metrics whose gauges remember nothing, so that one gauge serves all services.
 */
enum SimpleMetric implements LoadMetric, LoadGauge {

	CONSTANT {
		@Override
		public double load(long now, int pending) {
			return 0;
		}
	},

	PENDING_REQUESTS {
		@Override
		public double load(long now, int pending) {
			return pending;
		}
	};

	@Override
	public LoadGauge newGauge(Collection<? extends LoadGauge> live, long now) {
		return this;
	}

	@Override
	public boolean timed() {
		return false;
	}

	@Override
	public void started(long now) {
	}

	@Override
	public void responded(long startedAt, long now, Outcome outcome) {
	}

}

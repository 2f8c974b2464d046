package dev.servicepool.internal;

/**
 * The sizing of tower's {@code balance::Pool} in its plainest form, one sample after
 * another. It is the oracle for a pool without a headroom guard.
 */
final class OriginalSizing {

	private static final double INITIAL = 0.1;

	private static final double LOW = 0.00001;

	private static final double HIGH = 0.2;

	private static final double URGENCY = 0.03;

	private final int maxServices;

	private double estimate = INITIAL;

	int services = 1;

	boolean creating;

	OriginalSizing(int maxServices) {
		this.maxServices = maxServices;
	}

	void ready() {
		this.estimate = (1 - URGENCY) * this.estimate;
		if (this.estimate < LOW && this.services > 1) {
			this.estimate = INITIAL;
			if (!this.creating) {
				this.services--;
			}
		}
	}

	void pending() {
		if (this.creating) {
			return;
		}
		this.estimate = URGENCY + (1 - URGENCY) * this.estimate;
		if (this.estimate > HIGH) {
			this.estimate = HIGH;
			this.creating = this.services < this.maxServices;
		}
	}

	void created() {
		this.creating = false;
		this.services++;
	}

	double estimate() {
		return this.estimate;
	}

}

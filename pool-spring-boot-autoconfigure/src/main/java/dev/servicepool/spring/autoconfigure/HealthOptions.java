package dev.servicepool.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * What the health of a pool is as properties. What is {@code null} is not set.
 */
public class HealthOptions {

	/**
	 * Whether a pool is out of service when no request can be served: it has no service
	 * and could make none, or all it has are ejected or paused. If not, it is up in any
	 * case. Such a pool makes the health of the application out of service as well.
	 */
	private @Nullable Boolean outOfServiceWhenUnavailable;

	public @Nullable Boolean getOutOfServiceWhenUnavailable() {
		return this.outOfServiceWhenUnavailable;
	}

	public void setOutOfServiceWhenUnavailable(@Nullable Boolean outOfServiceWhenUnavailable) {
		this.outOfServiceWhenUnavailable = outOfServiceWhenUnavailable;
	}

}

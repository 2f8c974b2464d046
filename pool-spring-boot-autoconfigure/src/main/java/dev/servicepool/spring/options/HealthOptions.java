package dev.servicepool.spring.options;

import org.jspecify.annotations.Nullable;

/**
 * Properties for the health of a pool. The value {@code null} means that the property is
 * not set.
 */
public class HealthOptions {

	/**
	 * Whether the pool reports OUT_OF_SERVICE while it cannot serve requests. A pool
	 * cannot serve requests if all its services are suspended, or if it has no service
	 * and failed to create one. The application then also reports OUT_OF_SERVICE.
	 */
	private @Nullable Boolean outOfServiceWhenUnavailable;

	public @Nullable Boolean getOutOfServiceWhenUnavailable() {
		return this.outOfServiceWhenUnavailable;
	}

	public void setOutOfServiceWhenUnavailable(@Nullable Boolean outOfServiceWhenUnavailable) {
		this.outOfServiceWhenUnavailable = outOfServiceWhenUnavailable;
	}

}

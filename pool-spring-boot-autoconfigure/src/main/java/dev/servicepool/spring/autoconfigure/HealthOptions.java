package dev.servicepool.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Properties for the health of a pool. A value of {@code null} is not set.
 */
public class HealthOptions {

	/**
	 * Whether the pool reports OUT_OF_SERVICE while it cannot serve requests. This is the
	 * case if all its services are suspended, or if it has none and failed to create one.
	 * The application is then OUT_OF_SERVICE, too.
	 */
	private @Nullable Boolean outOfServiceWhenUnavailable;

	public @Nullable Boolean getOutOfServiceWhenUnavailable() {
		return this.outOfServiceWhenUnavailable;
	}

	public void setOutOfServiceWhenUnavailable(@Nullable Boolean outOfServiceWhenUnavailable) {
		this.outOfServiceWhenUnavailable = outOfServiceWhenUnavailable;
	}

}

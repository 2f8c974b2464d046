package dev.servicepool.spring.options;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Properties for targets that a service registry supplies. The value {@code null} means
 * that the property is not set.
 */
public class DiscoveryOptions {

	/**
	 * Whether a DiscoveryClient bean of Spring Cloud supplies the targets.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Name of the service in the registry. If not set, this is the name of the pool.
	 */
	private @Nullable String name;

	/**
	 * Time after which a source that names no targets is believed, so that the pool
	 * removes its targets. Until then, and while the source fails, the pool keeps its
	 * last targets. Applies to all sources of targets.
	 */
	private @Nullable Duration emptyAfter;

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getName() {
		return this.name;
	}

	public void setName(@Nullable String name) {
		this.name = name;
	}

	public @Nullable Duration getEmptyAfter() {
		return this.emptyAfter;
	}

	public void setEmptyAfter(@Nullable Duration emptyAfter) {
		this.emptyAfter = emptyAfter;
	}

}

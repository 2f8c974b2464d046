package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.Predicate;

import dev.servicepool.Target;

import org.springframework.core.ResolvableType;

/**
 * What all pools of some kind have in common.
 */
interface PoolKind {

	/** What goes for a pool of no particular kind. */
	PoolKind ANY = (factory) -> true;

	/**
	 * Whether the pool of a factory is of this kind.
	 * @param factory the declared type of the factory
	 */
	boolean includes(ResolvableType factory);

	/**
	 * Read a target. Its name is shown, so it has no part of an address that could be a
	 * password.
	 * @param text how it is configured
	 * @throws IllegalArgumentException if it is no target for this kind of pool; the
	 * message says what is
	 */
	default Target target(String text) {
		try {
			URI uri = new URI(text);
			if (uri.getScheme() == null) {
				return Target.of(text);
			}
			if (uri.getHost() != null) {
				return Target.of(uri);
			}
			String masked = MaskedText.of(text);
			return masked.equals(text) ? Target.of(text) : new Target(masked, uri);
		}
		catch (URISyntaxException ex) {
			if (text.contains(":") && !MaskedText.of(text).equals(text)) {
				throw new IllegalArgumentException("write it as a URI, with % and two digits for what it cannot have");
			}
			return Target.of(text);
		}
	}

	/**
	 * Return whether a pool of this kind can do nothing without targets.
	 */
	default boolean needsTargets() {
		return false;
	}

	/**
	 * Return what a target is known by: no two of a pool may have the same.
	 */
	default Object identity(Target target) {
		return target.name();
	}

	/**
	 * Return the options that differ from the builder's defaults.
	 * @param targets how many targets are configured
	 */
	default PoolOptions defaults(int targets) {
		return new PoolOptions();
	}

	/**
	 * Return which failures are the fault of a service.
	 * @throws PoolConfigurationException if the options for that will not do
	 */
	default Predicate<Throwable> failureWhen(LayeredOptions options) {
		if (options.isSet("failureStatuses")) {
			throw options.invalid("failureStatuses", "is set", "this pool takes no HTTP requests; remove it", null);
		}
		return (cause) -> true;
	}

}

package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.PoolBuilder;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * The properties that apply to one pool, in layers: those of all pools, over them those
 * of {@code pool.instances.NAME}. If the name is spelled in several ways, there is a
 * layer for each, and property sources of higher precedence lie on top.
 */
final class LayeredOptions {

	static final Duration DEFAULT_REFRESH_INTERVAL = Duration.ofSeconds(10);

	/** The name of a setting as the builder spells it, such as {@code maxServices}. */
	private static final Pattern SETTING = Pattern.compile("[a-z]+(?:[A-Z][a-z]+)+");

	private final String pool;

	private final PoolOptions common;

	/** The lowest layer first. */
	private final List<PoolProperties.Instance> instances;

	LayeredOptions(String pool, PoolProperties properties) {
		this.pool = pool;
		this.common = properties;
		this.instances = layers(pool, properties.getInstances());
	}

	/**
	 * Return the layers of a pool, the lowest first.
	 * @param pool the name of the pool
	 * @param instances the properties of all pools, by name
	 */
	static <T> List<T> layers(String pool, Map<String, T> instances) {
		PoolName name = PoolName.of(pool);
		List<T> layers = new ArrayList<>();
		instances.forEach((spelling, instance) -> {
			if (PoolName.of(spelling).equals(name)) {
				// The binder puts the spelling of the highest source first.
				layers.add(0, instance);
			}
		});
		return layers;
	}

	void applyTo(PoolBuilder builder) {
		this.common.applyTo(builder);
		this.instances.forEach((layer) -> layer.applyTo(builder));
	}

	/**
	 * Return the targets, none if none are configured.
	 */
	List<String> targets() {
		return instance((layer) -> layer.getTargets().isEmpty() ? null : layer.getTargets(), List.of());
	}

	/**
	 * Whether the pool is switched on, as it is unless it is said otherwise.
	 */
	boolean isEnabled() {
		return instance(PoolProperties.Instance::getEnabled, true);
	}

	/**
	 * Whether the pool is out of service when no request can be served.
	 */
	boolean isOutOfServiceWhenUnavailable() {
		Boolean own = instance((layer) -> layer.getHealth().getOutOfServiceWhenUnavailable());
		return Boolean.TRUE.equals((own != null) ? own : this.common.getHealth().getOutOfServiceWhenUnavailable());
	}

	String pool() {
		return this.pool;
	}

	/**
	 * Whether the targets are the addresses of the hosts that are configured as such.
	 * @throws PoolConfigurationException if they cannot be
	 */
	boolean resolves(List<Target> configured) {
		if (!instance(PoolProperties.Instance::getResolve, false)) {
			return false;
		}
		if (configured.isEmpty()) {
			throw PoolConfigurationException.nothingToResolve(key("resolve"), key("targets"));
		}
		for (Target target : configured) {
			if (target.uri() == null || !"http".equalsIgnoreCase(target.uri().getScheme())) {
				throw PoolConfigurationException.cannotResolve(key("resolve"), target.name());
			}
		}
		return true;
	}

	/**
	 * Return how often the targets are looked up.
	 * @throws PoolConfigurationException if it is not greater than zero
	 */
	Duration refreshInterval() {
		Duration interval = instance(PoolProperties.Instance::getRefreshInterval, DEFAULT_REFRESH_INTERVAL);
		if (interval.isNegative() || interval.isZero()) {
			throw invalid("refreshInterval", "is " + interval, "it must be greater than zero", null);
		}
		return interval;
	}

	/**
	 * Whether an address that stands for the pool is configured as such.
	 */
	boolean hasUrl() {
		return instance(PoolProperties.Instance::getUrl) != null;
	}

	/**
	 * Read the address that stands for the pool, see {@code pool.instances.NAME.url}.
	 * @param kind knows what an address is
	 * @return the address, or {@code null} if none stands for the pool
	 * @throws PoolConfigurationException if it is no address
	 */
	@Nullable URI url(PoolKind kind) {
		String url = instance(PoolProperties.Instance::getUrl);
		if (url != null) {
			return read("url", "is", url, kind).uri();
		}
		List<Target> targets = targets(kind);
		return (targets.size() == 1) ? targets.get(0).uri() : null;
	}

	/**
	 * Return what is configured for this one pool.
	 * @param property reads it of a layer, {@code null} if it is not set there
	 * @return the value of the topmost layer that sets it, if any does
	 */
	<T> @Nullable T instance(Function<PoolProperties.Instance, @Nullable T> property) {
		T value = null;
		for (PoolProperties.Instance layer : this.instances) {
			T own = property.apply(layer);
			value = (own != null) ? own : value;
		}
		return value;
	}

	private <T> T instance(Function<PoolProperties.Instance, @Nullable T> property, T otherwise) {
		T value = instance(property);
		return (value != null) ? value : otherwise;
	}

	/**
	 * Read the targets.
	 * @param kind knows what a target of the pool is
	 * @throws PoolConfigurationException if one is none, or is there twice
	 */
	List<Target> targets(PoolKind kind) {
		List<Target> targets = new ArrayList<>();
		Map<Object, String> seen = new HashMap<>();
		for (String text : targets()) {
			Target target = read("targets", "contains", text, kind);
			String other = seen.putIfAbsent(kind.identity(target), text);
			if (other != null) {
				throw invalid("targets", "contains '" + MaskedText.of(other) + "' and '" + MaskedText.of(text) + "'",
						"each target must be given once", null);
			}
			targets.add(target);
		}
		return targets;
	}

	private Target read(String option, String verb, String text, PoolKind kind) {
		try {
			return kind.target(text);
		}
		catch (IllegalArgumentException ex) {
			String remedy = (ex.getMessage() != null) ? ex.getMessage() : "it cannot be read";
			throw invalid(option, verb + " '" + MaskedText.of(text) + "'", remedy, ex);
		}
	}

	/**
	 * Return the key of the property that sets an option, or where it could be set.
	 * @param option the name of the option, as the builder spells it
	 */
	String key(String option) {
		String prefix = (isSet(this.common, option) && !isSet(option)) ? "pool." : "pool.instances." + this.pool + ".";
		return prefix + DataObjectPropertyName.toDashedForm(option);
	}

	/**
	 * Say which property is at fault for a setting that the builder refuses.
	 */
	PoolConfigurationException explain(InvalidSettingException ex) {
		boolean set = isSet(this.common, ex.setting()) || isSet(ex.setting());
		return invalid(ex.setting(), "is " + ex.value() + (set ? "" : " by default"), "it " + dashed(ex.constraint()),
				ex);
	}

	/** Spell the settings that a constraint names as YAML does. */
	private static String dashed(String constraint) {
		return SETTING.matcher(constraint).replaceAll((name) -> DataObjectPropertyName.toDashedForm(name.group()));
	}

	/**
	 * Say that the value of a property will not do.
	 * @param option the name of the option, as the builder spells it
	 * @param problem the value, as the end of a sentence
	 * @param remedy what to do, as the end of a sentence
	 * @param cause what says so, if anything does
	 */
	PoolConfigurationException invalid(String option, String problem, String remedy, @Nullable Exception cause) {
		return invalidKey(key(option), problem, remedy, cause);
	}

	/**
	 * Describe an invalid value of a property.
	 * @param key the key of the property
	 * @param problem the value, as the end of a sentence
	 * @param remedy the remedy, as the end of a sentence
	 * @param cause the cause, if there is one
	 */
	PoolConfigurationException invalidKey(String key, String problem, String remedy, @Nullable Exception cause) {
		return new PoolConfigurationException("Pool '" + this.pool + "' cannot be created: '" + key + "' " + problem,
				"Change '" + key + "': " + remedy, cause);
	}

	/**
	 * Whether an option is set for this one pool.
	 * @param option the name of the option, as the builder spells it
	 */
	boolean isSet(String option) {
		return this.instances.stream().anyMatch((layer) -> isSet(layer, option));
	}

	private static boolean isSet(PoolOptions layer, String option) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(layer);
		return properties.isReadableProperty(option) && properties.getPropertyValue(option) != null;
	}

}

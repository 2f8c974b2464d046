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
 * Properties that apply to one pool, in layers. The lowest layer contains the properties
 * of all pools, and {@code pool.instances.NAME} overrides them. If the name is spelled in
 * several ways, each spelling is a separate layer, ordered by the precedence of the
 * property sources.
 */
final class LayeredOptions {

	static final Duration DEFAULT_REFRESH_INTERVAL = Duration.ofSeconds(10);

	/**
	 * Matches the name of a setting as the builder spells it, such as
	 * {@code maxServices}.
	 */
	private static final Pattern SETTING = Pattern.compile("[a-z]+(?:[A-Z][a-z]+)+");

	private final String pool;

	private final PoolProperties common;

	/** Layers of this pool only, the lowest first. */
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
				// The binder returns the spelling with the highest precedence first.
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
	 * Return the configured targets, or an empty list.
	 */
	List<String> targets() {
		return instance((layer) -> layer.getTargets().isEmpty() ? null : layer.getTargets(), List.of());
	}

	/**
	 * Return whether the pool exists. A pool is enabled unless
	 * {@code pool.instances.NAME.enabled} disables it.
	 */
	boolean isEnabled() {
		return instance(PoolProperties.Instance::getEnabled, true);
	}

	/**
	 * Return whether HTTP clients use the pool. Either {@code pool.enabled} or
	 * {@code pool.instances.NAME.enabled} turns this off.
	 */
	boolean isRouted() {
		return this.common.isEnabled() && isEnabled();
	}

	/**
	 * Return whether the pool reports {@code OUT_OF_SERVICE} while it cannot serve
	 * requests.
	 */
	boolean isOutOfServiceWhenUnavailable() {
		Boolean own = instance((layer) -> layer.getHealth().getOutOfServiceWhenUnavailable());
		return Boolean.TRUE.equals((own != null) ? own : this.common.getHealth().getOutOfServiceWhenUnavailable());
	}

	String pool() {
		return this.pool;
	}

	/**
	 * Return whether the hosts of the configured targets are resolved to addresses.
	 * @throws PoolConfigurationException if they cannot be resolved
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
	 * Return the interval at which the targets are looked up.
	 * @throws PoolConfigurationException if the interval is not greater than zero
	 */
	Duration refreshInterval() {
		Duration interval = instance(PoolProperties.Instance::getRefreshInterval, DEFAULT_REFRESH_INTERVAL);
		if (interval.isNegative() || interval.isZero()) {
			throw invalid("refreshInterval", "is " + interval, "it must be greater than zero", null);
		}
		return interval;
	}

	/**
	 * Return whether the address of the pool is configured explicitly.
	 */
	boolean hasUrl() {
		return instance(PoolProperties.Instance::getUrl) != null;
	}

	/**
	 * Return the address of the pool, see {@code pool.instances.NAME.url}.
	 * @param kind the kind of the pool, which parses the address
	 * @return the address, or {@code null} if the pool has none
	 * @throws PoolConfigurationException if the configured text is not an address
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
	 * Return the address to which clients send requests that do not use the pool: the
	 * address of the pool or, if no target has that address, the first target.
	 * @param kind the kind of the pool, which parses the addresses
	 * @return the address, or {@code null} if neither an address nor a target is
	 * configured
	 */
	@Nullable URI urlWithoutPool(PoolKind kind) {
		URI url = url(kind);
		List<Target> targets = targets(kind);
		if (targets.isEmpty() || (url != null && isTarget(url, targets, kind))) {
			return url;
		}
		return targets.get(0).uri();
	}

	/**
	 * Return the address of the pool or, if it has none, the first target.
	 * @param kind the kind of the pool, which parses the addresses
	 */
	@Nullable URI urlOrFirstTarget(PoolKind kind) {
		List<Target> targets = targets(kind);
		return (hasUrl() || targets.isEmpty()) ? url(kind) : targets.get(0).uri();
	}

	private static boolean isTarget(URI url, List<Target> targets, PoolKind kind) {
		Object identity = kind.identity(Target.of(url));
		return targets.stream().map(kind::identity).anyMatch(identity::equals);
	}

	/**
	 * Return a property that is configured for this pool only.
	 * @param property the property of one layer, {@code null} if the layer does not set
	 * it
	 * @return the value of the topmost layer that sets the property, or {@code null}
	 */
	<T> @Nullable T instance(Function<PoolProperties.Instance, @Nullable T> property) {
		return topmost(this.instances, property);
	}

	/**
	 * Return the value of the topmost layer that sets a property.
	 * @param layers the layers, the lowest first
	 * @param property the property of one layer, {@code null} if the layer does not set
	 * it
	 * @return the value, or {@code null} if no layer sets the property
	 */
	static <L, T> @Nullable T topmost(List<L> layers, Function<L, @Nullable T> property) {
		T value = null;
		for (L layer : layers) {
			T own = property.apply(layer);
			value = (own != null) ? own : value;
		}
		return value;
	}

	private <T> T instance(Function<PoolProperties.Instance, @Nullable T> property, T defaultValue) {
		T value = instance(property);
		return (value != null) ? value : defaultValue;
	}

	/**
	 * Return the configured targets.
	 * @param kind the kind of the pool, which parses the targets
	 * @throws PoolConfigurationException if a target is not valid or is listed twice
	 */
	List<Target> targets(PoolKind kind) {
		List<Target> targets = new ArrayList<>();
		Map<Object, String> seen = new HashMap<>();
		for (String text : targets()) {
			Target target = read("targets", "contains", text, kind);
			String other = seen.putIfAbsent(kind.identity(target), text);
			if (other != null) {
				throw invalid("targets", "contains '" + MaskedText.of(other) + "' and '" + MaskedText.of(text) + "'",
						"it must contain each target only once", null);
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
			String remedy = (ex.getMessage() != null) ? ex.getMessage() : "it cannot be parsed";
			throw invalid(option, verb + " '" + MaskedText.of(text) + "'", remedy, ex);
		}
	}

	/**
	 * Return the key of the property that sets an option, or that could set it.
	 * @param option the name of the option, as the builder spells it
	 */
	String key(String option) {
		String prefix = (isSet(this.common, option) && !isSet(option)) ? "pool." : "pool.instances." + this.pool + ".";
		return prefix + DataObjectPropertyName.toDashedForm(option);
	}

	/**
	 * Describe a setting that the builder rejects, using the key of its property.
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
	 * Describe an invalid value of an option.
	 * @param option the name of the option, as the builder spells it
	 * @param problem the value, as the end of a sentence
	 * @param remedy the remedy, as the end of a sentence
	 * @param cause the cause, if there is one
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
	 * Return whether an option is set for this pool only.
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

package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.PoolBuilderCustomizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.TimingListener;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Creates the pool of a {@link ServiceFactory} bean from the properties. The following
 * settings apply, each overriding the previous ones: the builder's defaults, Spring's
 * shutdown timeout, a {@link LoadMetric} bean, the defaults of the {@link PoolKind},
 * {@code pool.*}, {@code pool.instances.NAME.*}, {@link PoolBuilderCustomizer} beans.
 */
final class PoolFactory {

	private static final Log logger = LogFactory.getLog(PoolFactory.class);

	static final String BEAN_NAME = "servicePoolFactory";

	/** Property for the maximum time that Spring waits for a phase of beans to stop. */
	private static final String STOP_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

	private static final Bindable<Map<String, Map<String, Object>>> INSTANCES = Bindable
		.of(ResolvableType.forClassWithGenerics(Map.class, ResolvableType.forClass(String.class),
				ResolvableType.forClassWithGenerics(Map.class, String.class, Object.class)));

	private final ConfigurableListableBeanFactory beanFactory;

	private final BindResult<Duration> stopTimeout;

	private final PoolProperties properties;

	private final TargetSources targetSources;

	private final ObjectProvider<PoolKind> kinds;

	private final ObjectProvider<LoadMetric> loadMetric;

	private final ObjectProvider<PoolBuilderCustomizer> customizers;

	private final LazyListeners listeners;

	/**
	 * Whether there are timing listeners. Found once, because a lookup visits all beans.
	 */
	private final boolean timed;

	/** Properties of single pools, bound once and only if a factory bean has a pool. */
	private final SingletonSupplier<Map<String, Map<String, Object>>> instances;

	PoolFactory(ConfigurableListableBeanFactory beanFactory, Environment environment, PoolProperties properties,
			TargetSources targetSources, ObjectProvider<PoolKind> kinds, ObjectProvider<LoadMetric> loadMetric,
			ObjectProvider<PoolBuilderCustomizer> customizers, LazyListeners listeners) {
		this.beanFactory = beanFactory;
		Binder binder = Binder.get(environment, new ForeignVariablesBindHandler(BindHandler.DEFAULT));
		this.stopTimeout = binder.bind(STOP_TIMEOUT, Duration.class);
		this.instances = SingletonSupplier.of(() -> binder.bind("pool.instances", INSTANCES).orElseGet(Map::of));
		this.properties = properties;
		this.targetSources = targetSources;
		this.kinds = kinds;
		this.loadMetric = loadMetric;
		this.customizers = customizers;
		this.listeners = listeners;
		this.timed = beanFactory.getBeanNamesForType(TimingListener.class, true, false).length > 0;
	}

	/**
	 * Create the pool of a factory. The container calls this method for each pool bean.
	 * @param factory the name of the factory bean, which is also the name of the pool
	 * @throws PoolConfigurationException if a property is set that would be ignored
	 */
	Pool<?, ?> create(String factory) {
		LayeredOptions options = new LayeredOptions(factory, this.properties);
		if (options.isSet("retryAfterStatuses")) {
			throw PoolConfigurationException.notForFactory(options.key("retryAfterStatuses"), factory);
		}
		clientProperty(factory).ifPresent((property) -> {
			throw PoolConfigurationException.notForFactory("pool.instances." + factory + ".client." + property,
					factory);
		});
		PoolKind kind = kind(DeclaredType.of(this.beanFactory, factory, ServiceFactory.class));
		return build(factory, kind, this.beanFactory.getBean(factory, ServiceFactory.class));
	}

	/**
	 * Build a pool.
	 * @param name the name of the pool
	 * @param kind the kind of the pool
	 * @param factory the factory that creates its services
	 * @throws PoolConfigurationException if the pool is disabled
	 */
	Pool<?, ?> build(String name, PoolKind kind, ServiceFactory<?, ?> factory) {
		LayeredOptions options = new LayeredOptions(name, this.properties);
		if (!options.isEnabled()) {
			throw PoolConfigurationException.disabled(name);
		}
		TargetSources.Found found = this.targetSources.find(options, kind);
		List<Target> targets = found.targets();
		PoolBuilder builder = Pool.builder().name(name).targets(targets).listener(this.listeners);
		if (this.timed) {
			builder.timingListener(this.listeners);
		}
		this.stopTimeout.ifBound(builder::closeTimeout);
		this.loadMetric.ifUnique(builder::loadMetric);
		kind.prepare(builder);
		builder.failureWhen(kind.failureWhen(options));
		kind.defaults(targets.size()).applyTo(builder);
		options.applyTo(builder);
		try {
			this.customizers.orderedStream().forEach((customizer) -> customizer.customize(builder, name));
			Pool<?, ?> pool = builder.build(factory);
			this.targetSources.follow(pool, found, options);
			logger.info(PoolSummaryLine.of(name, targets, pool.settings()));
			return pool;
		}
		catch (InvalidSettingException ex) {
			throw options.explain(ex);
		}
	}

	/**
	 * Find a property of a client. The properties are bound without
	 * {@link HttpPoolProperties}, because Boot's HTTP clients may be absent.
	 */
	private Optional<String> clientProperty(String pool) {
		return LayeredOptions.layers(pool, this.instances.obtain())
			.stream()
			.map((instance) -> instance.get("client"))
			.filter(Objects::nonNull)
			.map(PoolFactory::firstKey)
			.findFirst();
	}

	private static String firstKey(Object value) {
		String key = "";
		Object nested = value;
		while (nested instanceof Map<?, ?> map && !map.isEmpty()) {
			Map.Entry<?, ?> first = map.entrySet().iterator().next();
			key += (key.isEmpty() ? "" : ".") + first.getKey();
			nested = first.getValue();
		}
		return key;
	}

	private PoolKind kind(ResolvableType factory) {
		return this.kinds.orderedStream().filter((kind) -> kind.includes(factory)).findFirst().orElse(PoolKind.ANY);
	}

}

package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolListener;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * Makes the pool of a {@link ServiceFactory} bean by the properties. What applies, from
 * the bottom up: the builder's defaults, how long Spring waits when it stops, a
 * {@link LoadMetric} bean, the defaults of the {@link PoolKind}, {@code pool.*},
 * {@code pool.instances.NAME.*}, {@link PoolBuilderCustomizer} beans.
 */
final class PoolFactory {

	private static final Log logger = LogFactory.getLog(PoolFactory.class);

	static final String BEAN_NAME = "servicePoolFactory";

	/** How long Spring waits for a phase of beans to stop. */
	private static final String STOP_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

	private final ConfigurableListableBeanFactory beanFactory;

	private final BindResult<Duration> stopTimeout;

	private final PoolProperties properties;

	private final TargetSources targetSources;

	private final ObjectProvider<PoolKind> kinds;

	private final ObjectProvider<LoadMetric> loadMetric;

	private final ObjectProvider<PoolBuilderCustomizer> customizers;

	private final PoolListener listeners;

	PoolFactory(ConfigurableListableBeanFactory beanFactory, Environment environment, PoolProperties properties,
			TargetSources targetSources, ObjectProvider<PoolKind> kinds, ObjectProvider<LoadMetric> loadMetric,
			ObjectProvider<PoolBuilderCustomizer> customizers, ObjectProvider<PoolListener> listeners) {
		this.beanFactory = beanFactory;
		this.stopTimeout = Binder.get(environment).bind(STOP_TIMEOUT, Duration.class);
		this.properties = properties;
		this.targetSources = targetSources;
		this.kinds = kinds;
		this.loadMetric = loadMetric;
		this.customizers = customizers;
		this.listeners = new LazyPoolListeners(listeners);
	}

	/**
	 * Make the pool of a factory. Called by the container for each pool bean.
	 * @param factory the name of the factory bean, which the pool is named after
	 * @throws PoolConfigurationException if there are properties that would be ignored
	 */
	Pool<?, ?> create(String factory) {
		LayeredOptions options = new LayeredOptions(factory, this.properties);
		for (String option : PoolProperties.Instance.CLIENT_OPTIONS) {
			if (options.isSet(option)) {
				throw PoolConfigurationException.notForFactory(options.key(option), factory);
			}
		}
		PoolKind kind = kind(DeclaredType.of(this.beanFactory, factory, ServiceFactory.class));
		return build(factory, kind, this.beanFactory.getBean(factory, ServiceFactory.class));
	}

	/**
	 * Build a pool.
	 * @param name the name of the pool
	 * @param kind what it has in common with others
	 * @param factory makes its services
	 */
	Pool<?, ?> build(String name, PoolKind kind, ServiceFactory<?, ?> factory) {
		LayeredOptions options = new LayeredOptions(name, this.properties);
		TargetSources.Found found = this.targetSources.find(options, kind);
		List<Target> targets = found.targets();
		PoolBuilder builder = Pool.builder().name(name).targets(targets).listener(this.listeners);
		this.stopTimeout.ifBound(builder::closeTimeout);
		this.loadMetric.ifUnique(builder::loadMetric);
		builder.failureWhen(kind.failureWhen(options));
		kind.defaults(targets.size()).applyTo(builder);
		options.applyTo(builder);
		try {
			this.customizers.orderedStream().forEach((customizer) -> customizer.customize(name, builder));
			Pool<?, ?> pool = builder.build(factory);
			this.targetSources.follow(pool, found, options);
			logger.info(PoolSummaryLine.of(name, targets, pool.settings()));
			return pool;
		}
		catch (InvalidSettingException ex) {
			throw options.explain(ex);
		}
	}

	private PoolKind kind(ResolvableType factory) {
		return this.kinds.orderedStream().filter((kind) -> kind.includes(factory)).findFirst().orElse(PoolKind.ANY);
	}

}

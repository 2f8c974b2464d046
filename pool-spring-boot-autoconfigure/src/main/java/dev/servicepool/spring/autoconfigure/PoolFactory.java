package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.PoolBuilderCustomizer;
import java.time.Duration;
import java.util.List;

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
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * Creates the pool of a {@link ServiceFactory} bean from the properties. The following
 * settings apply, each overriding the previous ones: the builder's defaults, Spring's
 * shutdown timeout, the zone of Spring Cloud LoadBalancer, a {@link LoadMetric} bean, the
 * defaults of the {@link PoolKind}, {@code pool.*}, {@code pool.instances.NAME.*},
 * {@link PoolBuilderCustomizer} beans.
 */
final class PoolFactory {

	private static final Log logger = LogFactory.getLog(PoolFactory.class);

	static final String BEAN_NAME = "servicePoolFactory";

	/** Property for the maximum time that Spring waits for a phase of beans to stop. */
	private static final String STOP_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

	/** Property for the zone that Spring Cloud LoadBalancer prefers. */
	private static final String ZONE = "spring.cloud.loadbalancer.zone";

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

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

	PoolFactory(ConfigurableListableBeanFactory beanFactory, Environment environment, PoolProperties properties,
			TargetSources targetSources, ObjectProvider<PoolKind> kinds, ObjectProvider<LoadMetric> loadMetric,
			ObjectProvider<PoolBuilderCustomizer> customizers, LazyListeners listeners) {
		this.beanFactory = beanFactory;
		this.environment = environment;
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
		PoolConfiguration configuration = this.properties.pool(factory);
		if (configuration.retryAfterStatuses() != null) {
			throw PoolConfigurationException.notForFactory(configuration.keys().key("retryAfterStatuses"), factory);
		}
		if (configuration.keys().isSet("serverName")) {
			throw PoolConfigurationException.notForFactory(configuration.keys().key("serverName"), factory);
		}
		String property = PropertyKeys.clientProperty(this.environment, factory);
		if (property != null) {
			throw PoolConfigurationException.notForFactory("pool.instances." + factory + "." + property, factory);
		}
		PoolKind kind = kind(DeclaredType.of(this.beanFactory, factory, ServiceFactory.class));
		if (kind instanceof HttpPoolKind && configuration.failureStatuses() != null) {
			// Only the bean knows which client errors its services report.
			configuration.keys().requireStatuses("failureStatuses", configuration.failureStatuses(), 500);
		}
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
		PoolConfiguration configuration = this.properties.pool(name);
		if (!configuration.enabled()) {
			throw PoolConfigurationException.disabled(name);
		}
		TargetSources.Found found = this.targetSources.find(configuration, kind);
		List<Target> targets = found.targets();
		PoolBuilder builder = Pool.builder().name(name).targets(found.initial()).listener(this.listeners);
		if (this.timed) {
			builder.timingListener(this.listeners);
		}
		Binder.get(this.environment).bind(STOP_TIMEOUT, Duration.class).ifBound(builder::closeTimeout);
		if (configuration.options().stream().anyMatch((layer) -> layer.getSubset() != null)) {
			builder.identity(InstanceIdentity.of(name, this.environment));
		}
		Binder.get(this.environment).bind(ZONE, String.class).ifBound(builder::zone);
		this.loadMetric.ifUnique(builder::loadMetric);
		kind.prepare(builder);
		kind.checkRequestOptions(configuration);
		builder.failureWhen(kind.failureWhen(configuration));
		kind.defaults().applyTo(builder);
		try {
			configuration.applyTo(builder);
			this.customizers.orderedStream().forEach((customizer) -> customizer.customize(builder, name));
			Pool<?, ?> pool = builder.build(found.guard(factory));
			this.targetSources.follow(pool, found, configuration);
			logger.info(PoolSummaryLine.of(name, targets, pool.snapshot().settings()));
			return pool;
		}
		catch (InvalidSettingException ex) {
			throw configuration.keys().explain(ex);
		}
	}

	private PoolKind kind(ResolvableType factory) {
		return this.kinds.orderedStream().filter((kind) -> kind.includes(factory)).findFirst().orElse(PoolKind.ANY);
	}

}

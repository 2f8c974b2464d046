package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.ServiceFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/**
 * Registry of all {@link Pool} beans: those created for {@link ServiceFactory} beans, and
 * any others. Pool names are compared by their letters and digits, ignoring case.
 */
public final class PoolRegistry {

	private static final String BEAN_SUFFIX = "Pool";

	/** The maximum time to wait for the end of requests when pools are reset. */
	private static final Duration RESET_TIMEOUT = Duration.ofSeconds(1);

	private final ConfigurableListableBeanFactory beanFactory;

	private final PoolProperties properties;

	/** Kinds of pools that clients can do without. */
	private final ObjectProvider<PoolKind> kinds;

	PoolRegistry(ConfigurableListableBeanFactory beanFactory, PoolProperties properties,
			ObjectProvider<PoolKind> kinds) {
		this.beanFactory = beanFactory;
		this.properties = properties;
		this.kinds = kinds;
	}

	/**
	 * Return all pools, except those that are disabled.
	 * @return the pools, in the order in which their beans are defined
	 * @throws PoolConfigurationException if two pools have the same name
	 */
	public Collection<Pool<?, ?>> all() {
		List<Pool<?, ?>> pools = new ArrayList<>();
		Map<PoolName, String> beans = new HashMap<>();
		for (String bean : usedBeans()) {
			Pool<?, ?> pool = pool(bean);
			String other = beans.putIfAbsent(PoolName.of(pool.name()), bean);
			if (other != null) {
				throw PoolConfigurationException.sameName(pool.name(), other, bean);
			}
			pools.add(pool);
		}
		return Collections.unmodifiableList(pools);
	}

	/**
	 * Return the pool with the given name.
	 * @param name the name of the pool, ignoring case and dashes
	 * @return the pool
	 * @throws PoolConfigurationException if no pool has that name
	 */
	public Pool<?, ?> get(String name) {
		return pool(bean(name));
	}

	/**
	 * Find the pool with the given name.
	 * @param name the name of the pool, ignoring case and dashes
	 * @return the pool, or {@code null} if no pool has that name
	 */
	@Nullable Pool<?, ?> find(String name) {
		PoolName wanted = PoolName.of(name);
		return all().stream().filter((pool) -> PoolName.of(pool.name()).equals(wanted)).findFirst().orElse(null);
	}

	/**
	 * Reset all pools that exist, for example between two test classes that share an
	 * application context. Each pool retires its services and {@linkplain Pool#reset
	 * forgets} what it has learned about its servers, so that the next request creates
	 * new services. The counts of meters and the last events remain.
	 */
	public void reset() {
		for (String bean : beans(false)) {
			if (this.beanFactory.containsSingleton(bean)) {
				reset(pool(bean));
			}
		}
	}

	private static void reset(Pool<?, ?> pool) {
		try {
			pool.drain(RESET_TIMEOUT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		pool.reset("requested by PoolRegistry.reset");
	}

	/**
	 * Return the bean name of the pool of a factory.
	 * @param factory the name of the factory bean
	 */
	static String beanName(String factory) {
		return factory + BEAN_SUFFIX;
	}

	/**
	 * Find the bean of the pool with the given name. If the bean is named after the pool,
	 * only that bean is created. Otherwise, other pools may be created to find it.
	 * @throws PoolConfigurationException if no pool has that name
	 */
	String bean(String name) {
		PoolName wanted = PoolName.of(name);
		String likely = likelyBean(name);
		if (likely != null && PoolName.of(pool(likely).name()).equals(wanted)) {
			return likely;
		}
		List<String> names = new ArrayList<>();
		for (String bean : usedBeans()) {
			String found = pool(bean).name();
			if (PoolName.of(found).equals(wanted)) {
				return bean;
			}
			names.add(found);
		}
		throw PoolConfigurationException.unknownPool(name, names);
	}

	/**
	 * Find the bean that is probably the pool with the given name, without creating a
	 * bean.
	 * @return the name of the bean, or {@code null} if the pools must be created to find
	 * out
	 * @throws PoolConfigurationException if it is certain that no pool has that name
	 */
	@Nullable String likelyBeanOf(String name) {
		String likely = likelyBean(name);
		if (likely == null) {
			List<String> beans = beans(false);
			List<String> factories = Stream.of(this.beanFactory.getBeanNamesForType(ServiceFactory.class, true, false))
				.filter((factory) -> beans.contains(beanName(factory)))
				.toList();
			if (factories.size() == beans.size()) {
				throw PoolConfigurationException.unknownPool(name, factories);
			}
		}
		return likely;
	}

	/**
	 * Find the bean whose name is derived from the given pool name, without creating a
	 * bean.
	 * @return the name of the bean, or {@code null} if there is none
	 */
	@Nullable String likelyBean(String name) {
		PoolName bean = PoolName.of(beanName(name));
		return beans(false).stream()
			.filter((candidate) -> PoolName.of(candidate).equals(bean))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return whether a factory bean creates the services of a pool.
	 * @param name the name of the pool
	 */
	boolean hasFactory(String name) {
		PoolName wanted = PoolName.of(name);
		return Stream.of(this.beanFactory.getBeanNamesForType(ServiceFactory.class, true, false))
			.anyMatch((factory) -> PoolName.of(factory).equals(wanted));
	}

	/**
	 * Return the declared type of a pool bean.
	 */
	ResolvableType type(String bean) {
		return DeclaredType.of(this.beanFactory, bean, Pool.class);
	}

	Pool<?, ?> pool(String bean) {
		return this.beanFactory.getBean(bean, Pool.class);
	}

	private List<String> usedBeans() {
		return beans(true).stream().filter(this::isUsed).toList();
	}

	/**
	 * Return whether the pool of a bean is enabled. If HTTP clients do not use pools, an
	 * HTTP pool is used only if it was injected.
	 */
	private boolean isUsed(String bean) {
		String name = bean.endsWith(BEAN_SUFFIX) ? bean.substring(0, bean.length() - BEAN_SUFFIX.length()) : bean;
		PoolConfiguration configuration = this.properties.pool(name);
		return configuration.enabled() && (configuration.routed() || this.beanFactory.containsSingleton(bean)
				|| this.kinds.stream().noneMatch((kind) -> kind.includes(type(bean))));
	}

	private List<String> beans(boolean eagerly) {
		return List.of(this.beanFactory.getBeanNamesForType(Pool.class, false, eagerly));
	}

}

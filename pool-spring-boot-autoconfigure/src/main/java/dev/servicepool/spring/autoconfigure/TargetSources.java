package dev.servicepool.spring.autoconfigure;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import dev.servicepool.spring.TargetSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Finds the source of the targets of each pool: a service registry, a
 * {@link TargetSource} bean, the resolved addresses of the configured hosts, or the
 * configured targets.
 */
final class TargetSources implements DisposableBean {

	private static final Log logger = LogFactory.getLog(TargetSources.class);

	private static final String BEAN_SUFFIX = "Targets";

	private final BeanFactory beanFactory;

	private final ObjectProvider<ServiceDiscovery> discovery;

	/** Beans for single pools. Looked up once, because a lookup visits all beans. */
	private final Map<PoolName, String> beans;

	/** Bean for all other pools without configured targets. */
	private final @Nullable String sharedBean;

	/** Whether a pool uses the shared bean. Used by any thread. */
	private volatile boolean sharedBeanUsed;

	/** Pools whose targets may change, by name. Used by any thread. */
	private final Map<String, Pool<?, ?>> followed = new ConcurrentHashMap<>();

	/** Pollers of the pools that use a service registry. Used by any thread. */
	private final List<TargetPoller> discovered = new CopyOnWriteArrayList<>();

	/** Runs the queries, using one thread for each of these pools. */
	private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

	TargetSources(ConfigurableListableBeanFactory beanFactory, ObjectProvider<ServiceDiscovery> discovery) {
		this.beanFactory = beanFactory;
		this.discovery = discovery;
		this.scheduler.setThreadNamePrefix("pool-targets-");
		this.scheduler.setDaemon(true);
		// Do not interrupt a query, because its failure would be logged.
		this.scheduler.setWaitForTasksToCompleteOnShutdown(true);
		this.scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		this.scheduler.initialize();
		List<String> sources = beans(beanFactory);
		this.sharedBean = sharedBean(sources);
		this.beans = byPool(sources);
	}

	/**
	 * Return the names of all {@link TargetSource} beans, without creating a bean.
	 */
	static List<String> beans(ConfigurableListableBeanFactory beanFactory) {
		return List.of(beanFactory.getBeanNamesForType(TargetSource.class, true, false));
	}

	/**
	 * Return the name of the bean that supplies the targets of all pools that have
	 * neither configured targets nor a source bean named after them.
	 * @param sources the names of all {@link TargetSource} beans
	 * @return the name, or {@code null} if there is no such bean
	 * @throws PoolConfigurationException if there are several
	 */
	static @Nullable String sharedBean(List<String> sources) {
		List<String> shared = sources.stream().filter((bean) -> !isNamedAfterPool(bean)).toList();
		if (shared.size() > 1) {
			throw PoolConfigurationException.severalSharedSources(shared);
		}
		return shared.isEmpty() ? null : shared.get(0);
	}

	/**
	 * Return the beans that serve only one pool, by the name of that pool.
	 * @param sources the names of all {@link TargetSource} beans
	 */
	static Map<PoolName, String> byPool(List<String> sources) {
		Map<PoolName, String> beans = new LinkedHashMap<>();
		for (String bean : sources) {
			if (isNamedAfterPool(bean)) {
				beans.putIfAbsent(PoolName.of(bean.substring(0, bean.length() - BEAN_SUFFIX.length())), bean);
			}
		}
		return beans;
	}

	private static boolean isNamedAfterPool(String bean) {
		return bean.endsWith(BEAN_SUFFIX) && bean.length() > BEAN_SUFFIX.length();
	}

	/** Return the beans that serve only one pool, by the name of that pool. */
	Map<PoolName, String> byPool() {
		return this.beans;
	}

	/**
	 * Return the shared bean if no pool uses it.
	 * @return the name of the bean, or {@code null} if there is none or a pool uses it
	 */
	@Nullable String unusedSharedBean() {
		return this.sharedBeanUsed ? null : this.sharedBean;
	}

	/**
	 * Return the first targets of a pool, and the source of later ones. If the source has
	 * no targets yet and none are configured, the application starts nevertheless.
	 */
	Found find(PoolConfiguration configuration, PoolKind kind) {
		String pool = configuration.pool();
		PoolAddresses addresses = configuration.addresses();
		if (configuration.addresses().discovery().enabled()) {
			return discover(configuration, kind);
		}
		List<Target> configured = addresses.targets(kind);
		String bean = bean(pool, configured, kind);
		if (bean != null) {
			return find(this.beanFactory.getBean(bean, TargetSource.class), bean, configured, configuration, kind);
		}
		if (addresses.resolve()) {
			addresses.requireResolvable(configured, kind);
			TargetSource source = new ResolvingTargetSource(configured, InetAddress::getAllByName,
					() -> ejected(this.followed.get(pool)));
			// A client could resolve a configured name to an address that is skipped.
			return find(source, addresses.keys().key("resolve"), addresses.skipLocal() ? List.of() : configured,
					configuration, kind);
		}
		return new Found(configured, configured, null);
	}

	private Found discover(PoolConfiguration configuration, PoolKind kind) {
		String pool = configuration.pool();
		Discovery discovery = configuration.addresses().discovery();
		discovery.requireOnlySource(configuration.addresses(), this.beans.get(PoolName.of(pool)));
		ServiceDiscovery registry = this.discovery.getIfAvailable();
		if (registry == null || !registry.isAvailable()) {
			throw PoolConfigurationException.noDiscoveryClient(discovery.key());
		}
		return find(() -> registry.instances(discovery.service()), "discovery of '" + discovery.service() + "'",
				List.of(), configuration, kind);
	}

	/** Return the names of the targets whose services are all ejected. */
	private static Set<String> ejected(@Nullable Pool<?, ?> pool) {
		return (pool == null) ? Set.of()
				: pool.snapshot()
					.services()
					.stream()
					.collect(Collectors.groupingBy(PoolSnapshot.ServiceSnapshot::target,
							Collectors.reducing(true, TargetSources::isEjected, Boolean::logicalAnd)))
					.entrySet()
					.stream()
					.filter(Map.Entry::getValue)
					.map(Map.Entry::getKey)
					.collect(Collectors.toSet());
	}

	private static boolean isEjected(PoolSnapshot.ServiceSnapshot service) {
		return service.state() == PoolSnapshot.ServiceSnapshot.State.EJECTED;
	}

	private @Nullable String bean(String pool, List<Target> configured, PoolKind kind) {
		String bean = this.beans.get(PoolName.of(pool));
		if (bean == null && configured.isEmpty() && kind.needsTargets()) {
			this.sharedBeanUsed = true;
			return this.sharedBean;
		}
		return bean;
	}

	private static Found find(TargetSource source, String name, List<Target> configured,
			PoolConfiguration configuration, PoolKind kind) {
		String pool = configuration.pool();
		return find(() -> lookUp(source, pool), "'" + name + "'", configured, configuration, kind);
	}

	private static List<FoundTarget> lookUp(TargetSource source, String pool) throws Exception {
		List<FoundTarget> found = new ArrayList<>();
		for (URI target : source.targets(pool)) {
			found.add(new FoundTarget(String.valueOf(target), (target != null) ? source.zone(pool, target) : null));
		}
		return found;
	}

	private static Found find(TargetLookup lookup, String name, List<Target> configured,
			PoolConfiguration configuration, PoolKind kind) {
		String pool = configuration.pool();
		TargetQuery query = new TargetQuery(lookup, name, pool, kind, configuration.addresses().skipLocal());
		List<Target> without = configured.isEmpty() ? List.of(MissingTargets.TARGET) : configured;
		return new Found(first(query, configured, pool), without, query);
	}

	/**
	 * Targets that were found for a pool.
	 *
	 * @param first the first targets of the source, which may have found none
	 * @param without the targets that the pool uses while the source has none
	 * @param later queries later targets; {@code null} if the targets never change
	 */
	record Found(List<Target> first, List<Target> without, @Nullable TargetQuery later) {

		/** Return the targets that the pool uses at first. */
		List<Target> targets() {
			return this.first.isEmpty() ? this.without : this.first;
		}

		/**
		 * Return the targets for which the pool is built. A source may find more targets
		 * than {@code max-services}, which must not keep the application from starting.
		 */
		List<Target> initial() {
			return (this.later != null) ? targets().subList(0, 1) : targets();
		}

		/** Return a factory that fails while the targets are missing. */
		<Q, R> ServiceFactory<Q, R> guard(ServiceFactory<Q, R> factory) {
			return (this.later != null) ? MissingTargets.reject(factory, this.later) : factory;
		}

	}

	private static List<Target> first(TargetQuery query, List<Target> configured, String pool) {
		try {
			List<Target> targets = query.call();
			if (!targets.isEmpty()) {
				return targets;
			}
		}
		catch (Exception ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
		}
		String until = configured.isEmpty() ? "; calls fail until it finds some."
				: "; using the configured targets until it finds some.";
		logger.warn("Pool '" + pool + "': " + query.name() + " found no targets" + until, query.failure());
		return List.of();
	}

	/**
	 * Start to update the targets of a pool periodically, unless they never change.
	 */
	void follow(Pool<?, ?> pool, Found found, PoolConfiguration configuration) {
		if (found.later() != null) {
			// A source may block, and must not delay the sources of other pools.
			this.followed.put(configuration.pool(), pool);
			this.scheduler.setPoolSize(this.followed.size());
			TargetPoller poller = new TargetPoller(pool, found, found.later(), configuration, Ticker.system());
			if (configuration.addresses().discovery().enabled()) {
				this.discovered.add(poller);
			}
			poller.start(this.scheduler);
		}
	}

	/** Query the targets of all pools that use a service registry. */
	void registryChanged() {
		this.discovered.forEach((poller) -> poller.startNow(this.scheduler));
	}

	@Override
	public void destroy() {
		this.scheduler.shutdown();
	}

}

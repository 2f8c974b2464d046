package dev.servicepool.spring.autoconfigure;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import dev.servicepool.Target;
import dev.servicepool.spring.TargetSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Finds the source of the targets of each pool: a {@link TargetSource} bean, the resolved
 * addresses of the configured hosts, or the configured targets.
 */
final class TargetSources implements DisposableBean {

	private static final Log logger = LogFactory.getLog(TargetSources.class);

	private static final String BEAN_SUFFIX = "Targets";

	private final BeanFactory beanFactory;

	/** Beans for single pools. Looked up once, because a lookup visits all beans. */
	private final Map<PoolName, String> beans;

	/** Bean for all other pools without configured targets. */
	private final @Nullable String sharedBean;

	/** Whether a pool uses the shared bean. Used by any thread. */
	private volatile boolean sharedBeanUsed;

	/** Number of pools whose targets may change. Used by any thread. */
	private final AtomicInteger followed = new AtomicInteger();

	/** Runs the queries, using one thread for each of these pools. */
	private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

	TargetSources(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		this.scheduler.setThreadNamePrefix("pool-targets-");
		this.scheduler.setDaemon(true);
		// Do not interrupt a query, because its failure would be logged.
		this.scheduler.setWaitForTasksToCompleteOnShutdown(true);
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
	 * Return the first targets of a pool, and the source of later ones.
	 * @throws PoolConfigurationException if the source finds no targets and none are
	 * configured
	 */
	Found find(PoolConfiguration configuration, PoolKind kind) {
		String pool = configuration.pool();
		PoolAddresses addresses = configuration.addresses();
		List<Target> configured = addresses.targets(kind);
		String bean = bean(pool, configured, kind);
		if (bean != null) {
			return find(this.beanFactory.getBean(bean, TargetSource.class), bean, configured, pool, kind);
		}
		if (addresses.resolve()) {
			addresses.requireResolvable(configured);
			TargetSource source = new ResolvingTargetSource(configured, InetAddress::getAllByName);
			return find(source, addresses.keys().key("resolve"), configured, pool, kind);
		}
		return new Found(configured, null);
	}

	private @Nullable String bean(String pool, List<Target> configured, PoolKind kind) {
		String bean = this.beans.get(PoolName.of(pool));
		if (bean == null && configured.isEmpty() && kind.needsTargets()) {
			this.sharedBeanUsed = true;
			return this.sharedBean;
		}
		return bean;
	}

	private static Found find(TargetSource source, String name, List<Target> configured, String pool, PoolKind kind) {
		Callable<List<Target>> targets = () -> source.targets(pool)
			.stream()
			.map((uri) -> kind.target(uri.toString()))
			.distinct()
			.toList();
		return new Found(first(targets, name, configured, pool), targets);
	}

	/**
	 * Targets that were found for a pool.
	 *
	 * @param targets the first targets
	 * @param later queries later targets; {@code null} if the targets never change
	 */
	record Found(List<Target> targets, @Nullable Callable<List<Target>> later) {
	}

	private static List<Target> first(Callable<List<Target>> source, String name, List<Target> configured,
			String pool) {
		Exception failure = null;
		try {
			List<Target> targets = source.call();
			if (!targets.isEmpty()) {
				return targets;
			}
		}
		catch (Exception ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			failure = ex;
		}
		if (configured.isEmpty()) {
			throw PoolConfigurationException.noTargets(pool, name, failure);
		}
		logger.warn("Pool '" + pool + "': '" + name
				+ "' found no targets; using the configured targets until it finds some.", failure);
		return configured;
	}

	/**
	 * Start to update the targets of a pool periodically, unless they never change.
	 */
	void follow(Pool<?, ?> pool, Found found, PoolConfiguration configuration) {
		if (found.later() != null) {
			Duration interval = configuration.addresses().requireRefreshInterval();
			// A source may block, and must not delay the sources of other pools.
			this.scheduler.setPoolSize(this.followed.incrementAndGet());
			new TargetPoller(pool, found.later(), interval).start(this.scheduler);
		}
	}

	@Override
	public void destroy() {
		this.scheduler.shutdown();
	}

}

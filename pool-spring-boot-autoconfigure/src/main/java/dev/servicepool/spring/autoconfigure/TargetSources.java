package dev.servicepool.spring.autoconfigure;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.Scheduler;
import dev.servicepool.Target;
import dev.servicepool.spring.http.TargetSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Where the targets of the pools come from: a {@link TargetSource} bean
 * {@code NAMETargets}, else what is configured, the addresses of its hosts if that is
 * asked for.
 */
final class TargetSources implements DisposableBean {

	private static final Log logger = LogFactory.getLog(TargetSources.class);

	private static final String BEAN_SUFFIX = "Targets";

	private final BeanFactory beanFactory;

	/** The names of the beans, found once: to look for them is to look at all beans. */
	private final Map<PoolName, String> beans = new HashMap<>();

	/** Those that run; any thread. */
	private final Queue<TargetPoller> pollers = new ConcurrentLinkedQueue<>();

	TargetSources(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		beans(beanFactory).forEach((bean) -> {
			String pool = poolOf(bean);
			if (pool != null) {
				this.beans.putIfAbsent(PoolName.of(pool), bean);
			}
		});
	}

	/**
	 * Return the names of all beans that are sources, none of which is created.
	 */
	static Stream<String> beans(ConfigurableListableBeanFactory beanFactory) {
		return Stream.of(beanFactory.getBeanNamesForType(TargetSource.class, true, false));
	}

	/**
	 * Return the name of the pool that a source is for.
	 * @param bean the name of the source
	 * @return the name, or {@code null} if the bean is not named as it must be
	 */
	static @Nullable String poolOf(String bean) {
		boolean named = bean.endsWith(BEAN_SUFFIX) && bean.length() > BEAN_SUFFIX.length();
		return named ? bean.substring(0, bean.length() - BEAN_SUFFIX.length()) : null;
	}

	/**
	 * Return the first targets of a pool, and what to ask for others.
	 * @throws PoolConfigurationException if there are none though there must be
	 */
	Found find(LayeredOptions options, PoolKind kind) {
		List<Target> configured = options.targets(kind);
		String bean = this.beans.get(PoolName.of(options.pool()));
		if (bean != null) {
			return find(this.beanFactory.getBean(bean, TargetSource.class), bean, configured, options, kind);
		}
		if (options.resolves(configured)) {
			TargetSource source = new ResolvingTargetSource(configured, InetAddress::getAllByName);
			return find(source, options.key("resolve"), configured, options, kind);
		}
		return new Found(configured, null);
	}

	private static Found find(TargetSource source, String name, List<Target> configured, LayeredOptions options,
			PoolKind kind) {
		Callable<List<Target>> targets = () -> source.targets()
			.stream()
			.map((uri) -> kind.target(uri.toString()))
			.distinct()
			.toList();
		return new Found(first(targets, name, configured, options), targets);
	}

	/**
	 * What was found for a pool.
	 *
	 * @param targets the first targets
	 * @param later finds out which they are later, {@code null} if they stay the same
	 */
	record Found(List<Target> targets, @Nullable Callable<List<Target>> later) {
	}

	private static List<Target> first(Callable<List<Target>> source, String name, List<Target> configured,
			LayeredOptions options) {
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
			throw PoolConfigurationException.noTargets(options.pool(), name, failure);
		}
		logger.warn("'" + name + "' finds no targets for pool '" + options.pool() + "' at present; those configured are"
				+ " used until it does", failure);
		return configured;
	}

	/**
	 * Keep a pool up to date from now on.
	 */
	void follow(Pool<?, ?> pool, Found found, LayeredOptions options) {
		if (found.later() != null) {
			TargetPoller poller = new TargetPoller(pool, found.later(), options.refreshInterval(), Scheduler.shared(),
					new SimpleAsyncTaskExecutor("pool-targets-"));
			this.pollers.add(poller);
			poller.start();
		}
	}

	@Override
	public void destroy() {
		this.pollers.forEach(TargetPoller::stop);
	}

}

package dev.servicepool.benchmarks.probe;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;

import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * Measures the startup time, the threads, and the heap of an application with 100 pools.
 * The pools are not used unless the row says otherwise.
 */
public final class ApplicationProbe {

	/** Application without service factories, and therefore without pools. */
	private static final String NONE = "no pools";

	/** Application with service factories but without pools. */
	private static final String FACTORIES = "100 factories, pools disabled";

	/** Application with pools that have created one service each. */
	private static final String USED = "100 pools, each used once";

	private static final int COUNT = 100;

	private static final int SETTLE_MILLIS = 50;

	/** Longer than 5 s, because the threads of a pool end after being idle for 5 s. */
	private static final int MAX_SETTLE_MILLIS = 8000;

	private ApplicationProbe() {
	}

	/**
	 * Run the probe.
	 * @param arguments the row, and whether this is a smoke test
	 * @throws Exception if a pool cannot be used
	 */
	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.of(arguments);
		long start = System.nanoTime();
		try (ConfigurableApplicationContext context = start(probe.row())) {
			probe.figure("startup", "ms", (System.nanoTime() - start) / 1e6);
			if (probe.row().equals(USED)) {
				for (Pool<?, ?> pool : context.getBeansOfType(Pool.class).values()) {
					pool.acquire().succeed();
				}
			}
			int threads = Thread.activeCount();
			for (int waited = 0; waited < (probe.row().equals(USED) ? MAX_SETTLE_MILLIS : 0); waited += SETTLE_MILLIS) {
				Thread.sleep(SETTLE_MILLIS);
				threads = Math.min(threads, Thread.activeCount());
			}
			probe.figure("threads", "", threads);
			probe.figure("heap", "KiB", Heap.used() / 1024.0);
		}
	}

	private static ConfigurableApplicationContext start(String row) {
		ApplicationContextInitializer<GenericApplicationContext> factories = (context) -> {
			for (int i = 0; i < (row.equals(NONE) ? 0 : COUNT); i++) {
				register("service" + i, context);
			}
		};
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.initializers(factories)
			.properties("pool.enabled=" + !row.equals(FACTORIES), "pool.eager=false", "logging.level.root=warn",
					"spring.cloud.loadbalancer.enabled=false", "spring.cloud.discovery.enabled=false")
			.run();
	}

	private static void register(String name, GenericApplicationContext context) {
		ResolvableType type = ResolvableType.forClassWithGenerics(ServiceFactory.class, String.class, String.class);
		RootBeanDefinition definition = new RootBeanDefinition(ServiceFactory.class,
				() -> (target) -> Service.of((request) -> request));
		definition.setTargetType(type);
		context.registerBeanDefinition(name, definition);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

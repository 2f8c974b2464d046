package dev.servicepool.spring.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Application whose class path {@link PoolOptionalLibrariesTests} reduces, so that it
 * refers to none of the optional libraries. It starts, calls each of its pools, stops,
 * and returns the beans of the starter.
 */
public final class OptionalLibrariesApplication implements Function<Boolean, Set<String>> {

	/**
	 * Run the application. It starts no web server, because a JVM can have only one
	 * Tomcat.
	 * @param factory whether the application declares a service factory
	 * @return the names of the classes of its beans
	 */
	@Override
	public Set<String> apply(Boolean factory) {
		SpringApplication application = new SpringApplication(factory ? WithFactory.class : WithoutFactory.class);
		application.setRegisterShutdownHook(false);
		application.setDefaultProperties(Map.of("spring.main.web-application-type", "none", "spring.main.banner-mode",
				"off", "spring.main.log-startup-info", "false", "management.endpoints.web.exposure.include", "pool"));
		try (ConfigurableApplicationContext context = application.run()) {
			context.getBeanProvider(Pool.class).forEach(OptionalLibrariesApplication::call);
			return beans(context);
		}
	}

	@SuppressWarnings("unchecked")
	private static void call(Pool<?, ?> pool) {
		try {
			Integer length = ((Pool<String, Integer>) pool).call("four");
			if (length != 4) {
				throw new IllegalStateException("The pool returned " + length + " instead of 4");
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Set<String> beans(ApplicationContext context) {
		return Arrays.stream(context.getBeanDefinitionNames())
			.map((name) -> context.getBean(name).getClass())
			.filter((type) -> type.getName().startsWith("dev.servicepool.") && !type.isHidden())
			.map(Class::getSimpleName)
			.filter((name) -> !name.endsWith("AutoConfiguration") && !name.matches("With(out)?Factory"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WithoutFactory {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WithFactory {

		@Bean
		ServiceFactory<String, Integer> lengths() {
			return (target) -> Service.of(String::length);
		}

	}

}

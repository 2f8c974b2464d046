package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.actuate.PoolEndpoint;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpClientService;
import dev.servicepool.spring.TargetSource;
import dev.servicepool.spring.routing.PoolRoutes;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * Application that {@link PoolAotTests} processes ahead of time. It starts with the given
 * arguments, uses its pools, stops, and returns its findings.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class AotApplication implements Function<List<String>, Map<String, Object>> {

	@Override
	public Map<String, Object> apply(List<String> args) {
		try (ConfigurableApplicationContext context = application().run(args.toArray(String[]::new))) {
			Map<String, Object> found = new TreeMap<>();
			found.put("processed", AotDetector.useGeneratedArtifacts());
			found.put("parsesConfiguration",
					context.containsBean(AnnotationConfigUtils.CONFIGURATION_ANNOTATION_PROCESSOR_BEAN_NAME));
			found.put("shown", List.copyOf(context.getBean(PoolEndpoint.class).pools().pools().keySet()));
			found.put("measured", measured(context.getBean(MeterRegistry.class)));
			found.put("routes",
					context.getBean(PoolRoutes.class).route(URI.create("http://127.0.0.1:9/1")).pool() != null);
			found.put("result", context.getBean(User.class).result());
			found.put("lengthsMax", pool(context, "lengthsPool").settings().maxServices());
			found.put("quotesMaxConcurrency", pool(context, "quotesPool").settings().maxConcurrency());
			found.put("ordersMaxConcurrency", pool(context, "ordersPool").settings().maxConcurrency());
			found.put("quotesInterceptor",
					context.getBean(RestClientPools.class).interceptor("quotes").getClass().getSimpleName());
			return found;
		}
	}

	private static Pool<?, ?> pool(ConfigurableApplicationContext context, String name) {
		return context.getBean(name, Pool.class);
	}

	private static List<String> measured(MeterRegistry registry) {
		return registry.find("servicepool.load.estimate")
			.gauges()
			.stream()
			.map((gauge) -> gauge.getId().getTag("pool"))
			.sorted()
			.toList();
	}

	public static void main(String[] args) {
		application().run(args);
	}

	private static SpringApplication application() {
		SpringApplication application = new SpringApplication(AotApplication.class);
		application.setMainApplicationClass(AotApplication.class);
		application.setRegisterShutdownHook(false);
		application.setDefaultProperties(Map.of("pool.instances.orders.targets", "http://127.0.0.1:9",
				"spring.main.web-application-type", "none", "spring.main.banner-mode", "off",
				"spring.main.log-startup-info", "false", "management.endpoints.web.exposure.include", "pool"));
		return application;
	}

	@Bean
	ServiceFactory<String, Integer> lengths() {
		return (target) -> Service.of(String::length);
	}

	@Bean
	ServiceFactory<Integer, String> words() {
		return (target) -> Service.of("word"::repeat);
	}

	@Bean
	ServiceFactory<HttpCall, ClientHttpResponse> quotes() {
		return (target) -> HttpClientService.of(target, new JdkClientHttpRequestFactory());
	}

	@Bean
	TargetSource searchTargets() {
		return (pool) -> List.of(URI.create("http://127.0.0.1:9"));
	}

	@Bean
	User user(Pool<String, Integer> lengths, Pool<Integer, String> repeater) {
		return new User(lengths, repeater);
	}

	/**
	 * User of two pools that differ only in their types.
	 *
	 * @param lengths the pool that computes lengths
	 * @param repeater the pool that repeats a word
	 */
	record User(Pool<String, Integer> lengths, Pool<Integer, String> repeater) {

		int result() {
			try {
				return this.lengths.call(this.repeater.call(2));
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}

package dev.servicepool.sample.upstream;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * {@link ApplicationContextInitializer} that starts two quote servers before the beans of
 * the application and stops them after the beans. It sets their addresses as properties
 * for {@code application.yml}, and registers the {@link SlowSwitch} of the second server
 * as a bean. Applications that call existing servers do not need such a class.
 */
final class UpstreamInitializer implements ApplicationContextInitializer<GenericApplicationContext> {

	/** Name of the property that contains the address of the first server. */
	static final String FIRST = "sample.upstream.first";

	/** Name of the property that contains the address of the second server. */
	static final String SECOND = "sample.upstream.second";

	private static final String BUNDLE = "spring.ssl.bundle.pem.upstream";

	private static final Log logger = LogFactory.getLog(UpstreamInitializer.class);

	@Override
	public void initialize(GenericApplicationContext context) {
		// AOT processing needs only the properties.
		Map<String, Object> addresses = Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)
				? Map.of(FIRST, "https://127.0.0.1:1", SECOND, "https://127.0.0.1:2") : start(context);
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("upstream", addresses));
	}

	private static Map<String, Object> start(GenericApplicationContext context) {
		SslBundle identity = identity(context.getEnvironment());
		SlowSwitch slow = new SlowSwitch();
		context.getBeanFactory().registerSingleton("slowSwitch", slow);
		return Map.of(FIRST, start("first", context, identity, () -> SlowSwitch.FAST), SECOND,
				start("second", context, identity, slow::serviceTime));
	}

	/** Start a server that is closed after all beans, and return its address. */
	private static String start(String name, GenericApplicationContext context, SslBundle identity,
			Supplier<Duration> serviceTime) {
		Upstream upstream = new Upstream(identity, serviceTime);
		context.getDefaultListableBeanFactory().registerDisposableBean(name + "Upstream", upstream::close);
		logger.info("Started the " + name + " quote server at " + upstream.address());
		return upstream.address();
	}

	private static SslBundle identity(ConfigurableEnvironment environment) {
		return PropertiesSslBundle.get(Binder.get(environment).bind(BUNDLE, PemSslBundleProperties.class).get());
	}

}

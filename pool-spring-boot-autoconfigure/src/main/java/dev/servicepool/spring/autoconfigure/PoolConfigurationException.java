package dev.servicepool.spring.autoconfigure;

import java.util.Collection;
import java.util.stream.Collectors;

import dev.servicepool.Target;
import dev.servicepool.spring.http.Origin;
import dev.servicepool.spring.http.client.HttpVersion;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;

/**
 * Exception that is thrown if pools cannot be configured or used as requested. The
 * message contains the problem and the remedy.
 */
public final class PoolConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** End of a remedy: clients that can connect to one address with another name. */
	private static final String USE_OTHER_CLIENT = "'spring.http.clients.imperative.factory' to 'jetty',"
			+ " 'http-components', or 'reactor'";

	private final String problem;

	private final String remedy;

	private final @Nullable String key;

	PoolConfigurationException(String problem, String remedy) {
		this(null, problem, remedy, null);
	}

	private PoolConfigurationException(@Nullable String key, String problem, String remedy, @Nullable Throwable cause) {
		super(problem + ". " + remedy + ".", cause);
		this.key = key;
		this.problem = problem;
		this.remedy = remedy;
	}

	/** Describe the problem of a property; the text continues after the key. */
	private static PoolConfigurationException of(String key, String problem, String remedy) {
		return new PoolConfigurationException(key, "'" + key + "' " + problem, remedy, null);
	}

	/**
	 * Describe an invalid value of a property.
	 * @param pool the name of the pool
	 * @param key the key of the property
	 * @param problem the value, as the end of a sentence
	 * @param remedy the remedy, as the end of a sentence
	 * @param cause the cause, if there is one
	 */
	static PoolConfigurationException invalid(String pool, String key, String problem, String remedy,
			@Nullable Exception cause) {
		return new PoolConfigurationException(key, "Pool '" + pool + "' cannot be created: '" + key + "' " + problem,
				"Change '" + key + "': " + remedy, cause);
	}

	static PoolConfigurationException misspelled(String key, String similar, @Nullable ConfigurationProperty property) {
		String value = (property != null) ? "(value '" + MaskedText.of(String.valueOf(property.getValue())) + "') "
				: "";
		return of(key, value + "is not a property of the pools", "Change '" + key + "' to '" + similar + "'");
	}

	static PoolConfigurationException unknownPool(String name, Collection<String> known) {
		return new PoolConfigurationException("No pool is named '" + name + "'; " + listed(known),
				"Use the name of an existing pool, or declare a ServiceFactory bean named '" + name + "'");
	}

	static PoolConfigurationException unknownInstance(String name, Collection<String> known) {
		String key = "pool.instances." + name;
		return of(key,
				"configures the pool '" + name + "', but no targets are set, and no ServiceFactory bean"
						+ " or Pool bean has that name; " + listed(known),
				"Set '" + key + ".targets' to create a pool of HTTP clients, correct the name, declare a ServiceFactory"
						+ " bean named '" + name + "', or remove '" + key + "'");
	}

	static PoolConfigurationException noPool(String name, String property) {
		String key = "pool.instances." + name;
		return of(property,
				"is set, but the pool was not created: either the ServiceFactory bean '" + name
						+ "' is not an autowire candidate, or the property was not set during ahead-of-time (AOT)"
						+ " processing",
				"Declare the bean '" + name + "' as an autowire candidate, repeat the AOT processing, or set '" + key
						+ ".enabled' to false");
	}

	static PoolConfigurationException noHttpClients(String name, String property) {
		String key = "pool.instances." + name;
		return of(property, "requires a pool of HTTP clients, but RestClient is not on the class path",
				"Add spring-boot-restclient, declare a ServiceFactory bean named '" + name + "', or remove '" + key
						+ "'");
	}

	static PoolConfigurationException sameName(String name, String bean, String otherBean) {
		return new PoolConfigurationException(
				"Two pools are named '" + name + "', ignoring case and dashes: the beans '" + bean + "' and '"
						+ otherBean + "'",
				"Rename one of the beans; a pool that is created for a ServiceFactory bean has the name of that bean");
	}

	static PoolConfigurationException noSslBundle(String key, String name, Collection<String> known) {
		return of(key,
				"is '" + name + "', but no SSL bundle has that name; "
						+ (known.isEmpty() ? "no bundles exist" : listed("the bundles are '", known)),
				"Correct the name, or configure the bundle under 'spring.ssl.bundle'");
	}

	static PoolConfigurationException noHttpVersion(String key, HttpVersion version, Class<?> builder) {
		return of(key,
				"is " + version
						+ ", but only the HTTP clients of the JDK and of Jetty with jetty-http2-client-transport"
						+ " support this property, and " + builder.getSimpleName() + " builds the clients",
				"Remove '" + key + "', or set 'spring.http.clients.imperative.factory' to 'jdk'");
	}

	static PoolConfigurationException nothingToResolve(String key, String targets) {
		return of(key, "is true, but no targets are configured, so there are no host names to resolve",
				"Set '" + targets + "', or remove '" + key + "'");
	}

	static PoolConfigurationException cannotResolve(PoolKeys keys, Target target, String problem) {
		String key = keys.key("resolve");
		return of(key,
				"is true, so the pool would connect to the IP addresses of the target '" + target.name() + "', but "
						+ problem,
				"Remove '" + key + "', use http:// targets, or set '" + keys.key("url")
						+ "' to an https:// address with a host name and " + USE_OTHER_CLIENT);
	}

	static PoolConfigurationException noServerName(PoolKeys keys, Target target, String problem) {
		return of(keys.key("targets"), "contains the IP address '" + target.name() + "', but " + problem,
				"Use host names as targets, set " + USE_OTHER_CLIENT + ", or, if the certificates are issued for IP"
						+ " addresses, set '" + keys.key("serverName") + "' to 'target'");
	}

	static PoolConfigurationException severalSources(String discovery, String other) {
		return of(other, "is set, but '" + discovery + "' is true, so that the service registry supplies the targets",
				"Remove '" + other + "', or set '" + discovery + "' to false");
	}

	static PoolConfigurationException severalSources(String discovery, String bean, String pool) {
		return of(discovery,
				"is true, but the TargetSource bean '" + bean + "' supplies the targets of the pool '" + pool + "'",
				"Remove the bean, or set '" + discovery + "' to false");
	}

	static PoolConfigurationException noDiscoveryClient(String key) {
		return of(key, "is true, but Spring Cloud has not created a DiscoveryClient bean",
				"Add a library that provides one, such as spring-cloud-starter-netflix-eureka-client, enable"
						+ " 'spring.cloud.discovery.enabled', or set '" + key + "' to false");
	}

	static PoolConfigurationException sourceOfNoPool(String bean, Collection<String> known) {
		return new PoolConfigurationException("No pool uses the TargetSource bean '" + bean + "'; " + listed(known),
				"Name the bean after its pool, like 'ordersTargets' for the pool 'orders', and check that the pool is"
						+ " enabled");
	}

	static PoolConfigurationException disabled(String pool) {
		String key = "pool.instances." + pool + ".enabled";
		return new PoolConfigurationException(key, "The pool '" + pool + "' is injected, but '" + key + "' is false",
				"Remove '" + key + "', or change the bean so that it does not require the pool", null);
	}

	static PoolConfigurationException severalSharedSources(Collection<String> beans) {
		return new PoolConfigurationException(
				"Several TargetSource beans are not named after a pool" + listed(": '", beans),
				"Name each bean after the pool whose targets it supplies, like 'ordersTargets' for the pool 'orders'."
						+ " Only the one bean that supplies all other pools may have a different name");
	}

	static PoolConfigurationException notForFactory(String key, String factory) {
		return of(key,
				"is set, but the ServiceFactory bean '" + factory
						+ "' creates the services of that pool and ignores this property",
				"Remove '" + key + "' and configure the services in that bean, or remove the bean");
	}

	static PoolConfigurationException sameUrl(Origin url, String pool, String otherPool) {
		return new PoolConfigurationException(
				"The pools '" + pool + "' and '" + otherPool + "' have the same address " + url,
				"Set 'pool.instances.NAME.url' to different addresses, or configure only one pool");
	}

	static PoolConfigurationException nameInUse(String bean, String pool) {
		return new PoolConfigurationException("The pool '" + pool + "' requires the bean name '" + bean
				+ "', but the bean of that name is not a Pool", "Rename the pool or the bean");
	}

	static PoolConfigurationException notHttp(String name, @Nullable Class<?> requests) {
		String problem = (requests != null) ? "accepts " + requests.getSimpleName() + ", not HTTP requests"
				: "cannot be used for HTTP requests, because its ServiceFactory or Pool bean does not declare the type of"
						+ " requests";
		return new PoolConfigurationException("Pool '" + name + "' " + problem,
				"Inject the Pool and call it, or declare its ServiceFactory or Pool bean with the types HttpCall and"
						+ " ClientHttpResponse");
	}

	private static String listed(Collection<String> names) {
		return names.isEmpty() ? "no pools exist" : listed("the pools are '", names);
	}

	private static String listed(String prefix, Collection<String> names) {
		return names.stream().sorted().collect(Collectors.joining("', '", prefix, "'"));
	}

	/**
	 * Return the key of the property that causes the problem, or of its parent.
	 * @return the key, or {@code null} if no property causes the problem
	 */
	@Nullable String key() {
		return this.key;
	}

	/**
	 * Return the problem.
	 * @return a sentence without its final period
	 */
	String problem() {
		return this.problem;
	}

	/**
	 * Return the remedy.
	 * @return a sentence without its final period
	 */
	String remedy() {
		return this.remedy;
	}

}

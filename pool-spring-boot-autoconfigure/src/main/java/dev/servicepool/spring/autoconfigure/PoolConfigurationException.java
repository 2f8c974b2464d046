package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.util.Collection;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Pools cannot be configured or used as asked. The message says what is wrong and what to
 * do about it.
 */
public final class PoolConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String problem;

	private final String remedy;

	PoolConfigurationException(String problem, String remedy) {
		this(problem, remedy, null);
	}

	PoolConfigurationException(String problem, String remedy, @Nullable Throwable cause) {
		super(problem + ". " + remedy + ".", cause);
		this.problem = problem;
		this.remedy = remedy;
	}

	static PoolConfigurationException unknownPool(String name, Collection<String> known) {
		return new PoolConfigurationException("There is no pool named '" + name + "'; " + listed(known),
				"Use the name of one of them, or declare a ServiceFactory bean named '" + name + "'");
	}

	static PoolConfigurationException unknownInstance(String name, Collection<String> known) {
		String key = "pool.instances." + name;
		return new PoolConfigurationException(
				"'" + key + "' configures the pool '" + name
						+ "', but it has no targets, and no ServiceFactory bean and" + " no Pool bean has that name; "
						+ listed(known),
				"Set '" + key + ".targets' for a pool of HTTP clients, correct the name, declare a ServiceFactory bean"
						+ " named '" + name + "', or remove '" + key + "'");
	}

	static PoolConfigurationException noPool(String name) {
		String key = "pool.instances." + name;
		return new PoolConfigurationException("'" + key
				+ ".targets' is set, but no pool was made for them: a ServiceFactory bean of that name is no"
				+ " autowire candidate, or the property was not there when the application was processed ahead of"
				+ " time",
				"Make that bean an autowire candidate, process the application again, or set '" + key
						+ ".enabled' to false");
	}

	static PoolConfigurationException noHttpClients(String name) {
		String key = "pool.instances." + name;
		return new PoolConfigurationException(
				"'" + key + ".targets' asks for a pool of HTTP clients, but there is no RestClient on the class path",
				"Add spring-boot-restclient, declare a ServiceFactory bean named '" + name + "', or remove '" + key
						+ "'");
	}

	static PoolConfigurationException sameName(String name, String bean, String otherBean) {
		return new PoolConfigurationException(
				"Two pools are named '" + name + "', ignoring case and dashes: the beans '" + bean + "' and '"
						+ otherBean + "'",
				"Rename one of them; a pool made for a ServiceFactory bean is named after that");
	}

	static PoolConfigurationException noSslBundle(String key, String name, Collection<String> known) {
		return new PoolConfigurationException(
				"'" + key + "' is '" + name + "', but there is no SSL bundle of that name; "
						+ (known.isEmpty() ? "there are none" : listed("the bundles are '", known)),
				"Correct the name, or configure the bundle under 'spring.ssl.bundle'");
	}

	static PoolConfigurationException noHttpVersion(String key, HttpVersion version, Class<?> builder) {
		return new PoolConfigurationException(
				"'" + key + "' is " + version
						+ ", but only the JDK's HTTP client can be asked for a version, and clients" + " are built by "
						+ builder.getSimpleName(),
				"Remove '" + key + "', or set 'spring.http.clients.imperative.factory' to 'jdk'");
	}

	static PoolConfigurationException noTargets(String pool, String source, @Nullable Throwable cause) {
		return new PoolConfigurationException(
				"'" + source + "' finds no targets for the pool '" + pool + "'"
						+ ((cause != null) ? ": " + cause : ", the list is empty"),
				"See that it finds some when the application starts, or set 'pool.instances." + pool
						+ ".targets' to those to begin with",
				cause);
	}

	static PoolConfigurationException nothingToResolve(String key, String targets) {
		return new PoolConfigurationException("'" + key + "' is true, but there are no targets whose hosts to resolve",
				"Set '" + targets + "', or remove '" + key + "'");
	}

	static PoolConfigurationException cannotResolve(String key, String target) {
		return new PoolConfigurationException(
				"'" + key + "' is true, but the target '" + target + "' is not one of plain HTTP, and certificates"
						+ " are for the names of hosts, not for their addresses",
				"Remove '" + key + "', or use http");
	}

	static PoolConfigurationException sourceOfNoPool(String bean, Collection<String> known) {
		return new PoolConfigurationException("The TargetSource bean '" + bean + "' is for no pool; " + listed(known),
				"Name it after the pool that it is for, like 'ordersTargets' for the pool 'orders', and see that the"
						+ " pool is not switched off");
	}

	static PoolConfigurationException severalSharedSources(Collection<String> beans) {
		return new PoolConfigurationException(
				"Several TargetSource beans are named after no pool" + listed(": '", beans),
				"Name each after the pool whose targets it supplies, like 'ordersTargets' for the pool 'orders', and"
						+ " at most one otherwise");
	}

	static PoolConfigurationException notForFactory(String key, String factory) {
		return new PoolConfigurationException(
				"'" + key + "' is set, but the ServiceFactory bean '" + factory
						+ "' makes the services of that pool and would not heed it",
				"Remove '" + key + "' and set up the services in that bean, or remove the bean");
	}

	static PoolConfigurationException sameUrl(URI url, String pool, String otherPool) {
		return new PoolConfigurationException("The pools '" + pool + "' and '" + otherPool + "' both stand for " + url,
				"Give them different addresses by 'pool.instances.NAME.url', or make them one pool");
	}

	static PoolConfigurationException nameInUse(String bean, String pool) {
		return new PoolConfigurationException("The pool '" + pool + "' is to be the bean '" + bean
				+ "', but there is a bean of that name which is not a Pool", "Rename one of them");
	}

	static PoolConfigurationException notHttp(String name, @Nullable Class<?> requests) {
		String acquired = (requests != null) ? requests.getSimpleName() : "requests of a type that is not declared";
		return new PoolConfigurationException("Pool '" + name + "' takes " + acquired + ", not HTTP requests",
				"Call it by its Pool bean, or declare its bean with the types HttpCall and ClientHttpResponse");
	}

	private static String listed(Collection<String> names) {
		return names.isEmpty() ? "there are no pools" : listed("the pools are '", names);
	}

	private static String listed(String prefix, Collection<String> names) {
		return names.stream().sorted().collect(Collectors.joining("', '", prefix, "'"));
	}

	/**
	 * Return what is wrong.
	 * @return a sentence without its full stop
	 */
	String problem() {
		return this.problem;
	}

	/**
	 * Return what to do about it.
	 * @return a sentence without its full stop
	 */
	String remedy() {
		return this.remedy;
	}

}

package dev.servicepool.spring.actuate;

import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.Pool;
import dev.servicepool.PoolBounds;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.boot.convert.DurationStyle;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} of {@link PoolEndpoint} that changes
 * pools until the application restarts. Its operations require unrestricted access and
 * the exact name of a pool. Each change is an event that names the user.
 */
@EndpointWebExtension(endpoint = PoolEndpoint.class)
public final class PoolEndpointWebExtension {

	private static final int LONGEST_USER = 100;

	private final Supplier<? extends Collection<? extends Pool<?, ?>>> pools;

	/**
	 * Create the extension.
	 * @param pools supplies the pools; called for each request; pool names must be unique
	 */
	public PoolEndpointWebExtension(Supplier<? extends Collection<? extends Pool<?, ?>>> pools) {
		this.pools = pools;
	}

	/**
	 * Change bounds of a pool. Bounds that are {@code null} remain as they are. The
	 * bounds are text, so that an invalid one is rejected with its name.
	 * @param securityContext the context that knows the user
	 * @param name the exact name of the pool
	 * @param minServices the minimum number of services
	 * @param maxServices the maximum number of services
	 * @param maxConcurrency the maximum number of concurrent requests per service
	 * @param headroomWindow the window of the headroom guard
	 * @return status 204, or 404 if no pool has that name
	 * @throws InvalidEndpointRequestException if a value is invalid
	 */
	@WriteOperation
	public WebEndpointResponse<Void> changeBounds(SecurityContext securityContext, @Selector String name,
			@Nullable String minServices, @Nullable String maxServices, @Nullable String maxConcurrency,
			@Nullable String headroomWindow) {
		return operate(name,
				(pool) -> pool.changeBounds(
						new PoolBounds(number("minServices", minServices), number("maxServices", maxServices),
								number("maxConcurrency", maxConcurrency), duration("headroomWindow", headroomWindow)),
						cause(securityContext)));
	}

	private static @Nullable Integer number(String setting, @Nullable String value) {
		try {
			return (value != null) ? Integer.valueOf(value) : null;
		}
		catch (NumberFormatException ex) {
			throw new InvalidSettingException(setting, value, "must be a whole number");
		}
	}

	private static @Nullable Duration duration(String setting, @Nullable String value) {
		try {
			return (value != null) ? DurationStyle.detectAndParse(value) : null;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new InvalidSettingException(setting, value, "must be a duration such as 10s");
		}
	}

	/**
	 * Perform an operation on a pool.
	 * @param securityContext the context that knows the user
	 * @param name the exact name of the pool
	 * @param operation the operation: drain, undrain, replace, or reset
	 * @param target the name of the target to drain or undrain; {@code null} for other
	 * operations
	 * @return status 204, or 404 if no pool has that name
	 * @throws InvalidEndpointRequestException if the operation or the target is invalid
	 */
	@WriteOperation
	public WebEndpointResponse<Void> operate(SecurityContext securityContext, @Selector String name,
			@Selector String operation, @Nullable String target) {
		return operate(name, (pool) -> Operation.of(operation).run(pool, target, cause(securityContext)));
	}

	private WebEndpointResponse<Void> operate(String name, Action action) {
		Pool<?, ?> pool = this.pools.get().stream().filter((each) -> each.name().equals(name)).findFirst().orElse(null);
		if (pool == null) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		try {
			action.run(pool);
		}
		catch (InvalidSettingException ex) {
			throw new InvalidEndpointRequestException(ex.getMessage(), ex.getMessage());
		}
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
	}

	/** Return the cause, without characters that could forge a line of a log. */
	private static String cause(SecurityContext securityContext) {
		Principal principal = securityContext.getPrincipal();
		String user = (principal != null) ? principal.getName() : null;
		if (user == null) {
			return "requested by an anonymous user";
		}
		String shortened = (user.length() > LONGEST_USER) ? user.substring(0, LONGEST_USER) + "..." : user;
		return "requested by '" + shortened.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?") + "'";
	}

	private interface Action {

		void run(Pool<?, ?> pool);

	}

	private enum Operation {

		DRAIN {
			@Override
			void run(Pool<?, ?> pool, @Nullable String target, String cause) {
				pool.drainTarget(required(target), cause);
			}
		},

		UNDRAIN {
			@Override
			void run(Pool<?, ?> pool, @Nullable String target, String cause) {
				pool.undrainTarget(required(target), cause);
			}
		},

		REPLACE {
			@Override
			void run(Pool<?, ?> pool, @Nullable String target, String cause) {
				rejectTarget(target);
				pool.tryReplaceServices(cause);
			}
		},

		RESET {
			@Override
			void run(Pool<?, ?> pool, @Nullable String target, String cause) {
				rejectTarget(target);
				pool.reset(cause);
			}
		};

		abstract void run(Pool<?, ?> pool, @Nullable String target, String cause);

		private static Operation of(String name) {
			return Arrays.stream(values())
				.filter((operation) -> operation.code().equals(name))
				.findFirst()
				.orElseThrow(() -> new InvalidSettingException("operation", name,
						"must be one of " + Arrays.stream(values())
							.map((operation) -> "'" + operation.code() + "'")
							.collect(Collectors.joining(", "))));
		}

		private String code() {
			return name().toLowerCase(Locale.ROOT);
		}

		private static String required(@Nullable String target) {
			if (target == null) {
				throw new InvalidSettingException("target", null, "must be the name of a target");
			}
			return target;
		}

		void rejectTarget(@Nullable String target) {
			if (target != null) {
				throw new InvalidSettingException("target", target,
						"must be absent, because '" + code() + "' concerns all targets,");
			}
		}

	}

}

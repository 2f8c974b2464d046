package dev.servicepool.spring.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Finds a request another server when the one it was meant for cannot be reached. Each
 * server is tried once. Nothing is waited for: a request that could be sent nowhere fails
 * at once.
 */
final class OtherTarget {

	/** How often the pool is asked at most, which may choose the same target again. */
	private static final int DRAWS = 100;

	private final Pool<HttpCall, ClientHttpResponse> pool;

	private final Set<Target> tried = new HashSet<>();

	OtherTarget(Pool<HttpCall, ClientHttpResponse> pool) {
		this.pool = pool;
	}

	/**
	 * Return a lease for a target that was not tried yet, or {@code null} if there is
	 * none to be had.
	 * @param failed the lease for a target that cannot be reached, to be ended after this
	 * since that draws the choice to others
	 */
	@Nullable Lease<HttpCall, ClientHttpResponse> after(Lease<HttpCall, ClientHttpResponse> failed) {
		this.tried.add(failed.target());
		if (!isAnyLeft()) {
			return null;
		}
		List<Lease<HttpCall, ClientHttpResponse>> unwanted = new ArrayList<>();
		try {
			for (int draw = 0; draw < DRAWS; draw++) {
				Lease<HttpCall, ClientHttpResponse> lease = this.pool.tryAcquire();
				if (lease == null || !this.tried.contains(lease.target())) {
					return lease;
				}
				unwanted.add(lease);
			}
			return null;
		}
		finally {
			unwanted.forEach(Lease::unsent);
		}
	}

	private boolean isAnyLeft() {
		Set<String> names = new HashSet<>();
		this.tried.forEach((target) -> names.add(target.name()));
		return this.pool.snapshot().members().stream().anyMatch((member) -> !names.contains(member.target()));
	}

}

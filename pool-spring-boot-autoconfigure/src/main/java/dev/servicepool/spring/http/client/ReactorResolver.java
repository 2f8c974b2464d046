package dev.servicepool.spring.http.client;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;

/**
 * Resolvers of Reactor Netty's client that resolve the name of a server to the address of
 * one target. All other names, to which redirects may lead, are resolved by the resolver
 * that the application configures, or by the JVM.
 */
final class ReactorResolver extends AddressResolverGroup<InetSocketAddress> {

	private final ServerLocation location;

	/** Resolvers of other names, by default those of the JVM. */
	private final AddressResolverGroup<?> others;

	private ReactorResolver(ServerLocation location, AddressResolverGroup<?> others) {
		this.location = location;
		this.others = others;
	}

	static HttpClient install(HttpClient client, ServerLocation location) {
		AddressResolverGroup<?> configured = client.configuration().resolver();
		return client.resolver(new ReactorResolver(location,
				(configured != null) ? configured : DefaultAddressResolverGroup.INSTANCE));
	}

	/** Forget the resolver of a client, which each event loop that has used it keeps. */
	static void uninstall(HttpClient client) {
		if (client.configuration().resolver() instanceof ReactorResolver resolver) {
			resolver.close();
		}
	}

	@Override
	protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
		return new Resolver(executor);
	}

	@SuppressWarnings("unchecked")
	private AddressResolver<InetSocketAddress> others(EventExecutor executor) {
		return (AddressResolver<InetSocketAddress>) this.others.getResolver(executor);
	}

	/** Resolver on one event loop. */
	private final class Resolver extends AbstractAddressResolver<InetSocketAddress> {

		Resolver(EventExecutor executor) {
			super(executor, InetSocketAddress.class);
		}

		@Override
		protected boolean doIsResolved(InetSocketAddress address) {
			return !address.isUnresolved();
		}

		@Override
		protected void doResolve(InetSocketAddress unresolved, Promise<InetSocketAddress> promise) {
			InetSocketAddress address = address(unresolved);
			if (address != null) {
				promise.setSuccess(address);
			}
			else {
				others(executor()).resolve(unresolved, promise);
			}
		}

		@Override
		protected void doResolveAll(InetSocketAddress unresolved, Promise<List<InetSocketAddress>> promise) {
			InetSocketAddress address = address(unresolved);
			if (address != null) {
				promise.setSuccess(List.of(address));
			}
			else {
				others(executor()).resolveAll(unresolved, promise);
			}
		}

		private @Nullable InetSocketAddress address(InetSocketAddress unresolved) {
			return ReactorResolver.this.location.addressOf(unresolved.getHostString(), unresolved.getPort());
		}

	}

}

package dev.servicepool.spring.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * IP addresses that are hosts of URIs. Names are never resolved.
 */
final class LiteralAddress {

	static final String NUMBER_REMEDY = "write its IP address with dots, because some clients read a number as an address";

	/** Matches the number of an IPv4 address. */
	private static final Pattern NUMBER = Pattern.compile("(?i)(\\d+|0x[0-9a-f]+)\\.?");

	/** Matches an IPv4 address; a URI accepts no other host of this form. */
	private static final Pattern IPV4 = Pattern.compile("\\d+(\\.\\d+){3}");

	/** Matches the network interface of an IPv6 address, which may not exist here. */
	private static final Pattern ZONE = Pattern.compile("%.*(?=\\])");

	/** Matches the names that always stand for a loopback address (RFC 6761). */
	private static final Pattern LOCALHOST = Pattern.compile("(?i)(.*\\.)?localhost\\.?");

	private LiteralAddress() {
	}

	/** Return whether a host is a number, which is an address for some clients. */
	static boolean isNumber(String host) {
		return NUMBER.matcher(host).matches();
	}

	/** Return whether a host is a multicast address. */
	static boolean isMulticast(String host) {
		InetAddress address = of(host);
		return address != null && address.isMulticastAddress();
	}

	/**
	 * Return whether a host is an address of this machine or of its link: a loopback,
	 * link-local, or unspecified address, a number, or a name of the loopback interface.
	 */
	static boolean isLocal(String host) {
		InetAddress address = of(host);
		return (address != null)
				? address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress()
				: isNumber(host) || LOCALHOST.matcher(host).matches();
	}

	/** Return the address, or {@code null} if the host is not an IP address. */
	private static @Nullable InetAddress of(String host) {
		if (!host.startsWith("[") && !IPV4.matcher(host).matches()) {
			return null;
		}
		try {
			return InetAddress.getByName(ZONE.matcher(host).replaceFirst(""));
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException("its IP address must be valid", ex);
		}
	}

}

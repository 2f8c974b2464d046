package dev.servicepool.spring.http;

import java.util.Set;

import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;

/**
 * Detects signatures in the headers of a request. A signature may cover the address of
 * the request, so that it is not valid at any other address.
 */
final class RequestSignature {

	private static final Set<String> HEADERS = Set.of("Signature", "Signature-Input", "DPoP");

	/** Beginnings of credentials that are valid at any address. */
	private static final Set<String> WITHOUT_ADDRESS = Set.of("Basic ", "Bearer ");

	private RequestSignature() {
	}

	/** Return whether the headers may contain a signature. */
	static boolean isIn(HttpHeaders headers) {
		return HEADERS.stream().anyMatch(headers::containsHeader)
				|| headers.getOrEmpty(HttpHeaders.AUTHORIZATION).stream().anyMatch(RequestSignature::mayCoverAddress);
	}

	private static boolean mayCoverAddress(String credentials) {
		return WITHOUT_ADDRESS.stream()
			.noneMatch((scheme) -> StringUtils.startsWithIgnoreCase(credentials.stripLeading(), scheme));
	}

}

#pragma once
#include <libxml/xmlversion.h>
/* Debian builds libxml2 with ICU; its headers then clash with Swift's own ICU module in a clean debug build. */
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/SAX2.h>

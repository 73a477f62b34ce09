#include <errno.h>
#include <stdint.h>
#include <string.h>

struct setting {
  enum { SETTING_NUMBER, SETTING_RATIO, SETTING_NAME } kind;
  union {
    int32_t number;
    float ratio;
    char name[8];
  } value;
};

/// Encodes a setting: a byte for its kind, and its value with the last byte
/// first. Returns how many bytes there are, or a negative errno.
int setting_encode(const struct setting *setting, uint8_t bytes[9]) {
  bytes[0] = (uint8_t)setting->kind;
  switch (setting->kind) {
  case SETTING_NUMBER:
  case SETTING_RATIO: {
    // A float is sent as its bits: the union has one memory for both types.
    union {
      float ratio;
      uint32_t bits;
    } u;
    if (setting->kind == SETTING_RATIO)
      u.ratio = setting->value.ratio;
    else
      u.bits = (uint32_t)setting->value.number;
    for (int i = 0; i < 4; i++)
      bytes[1 + i] = (uint8_t)(u.bits >> (8 * i));
    return 5;
  }
  case SETTING_NAME:
    memcpy(bytes + 1, setting->value.name, sizeof setting->value.name);
    return 1 + (int)sizeof setting->value.name;
  }
  return -EINVAL;
}
